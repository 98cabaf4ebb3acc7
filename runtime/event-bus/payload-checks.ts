import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { EventContract } from './plugin-events.ts';

export interface PayloadChecks {
  /** What is wrong with a payload, in words; undefined for a good one, and for an event without a schema. */
  violationOf(name: string, data: unknown): string | undefined;
  /** What is wrong with the schemas themselves: a reason not to start. */
  readonly problems: readonly string[];
}

/** How many violations are told. */
const MOST = 5;

/**
 * Compiles the schemas of some events.
 *
 * @param contracts by event name
 */
export function createPayloadChecks(contracts: Readonly<Record<string, EventContract>>): PayloadChecks {
  const ajv = new Ajv2020({ allErrors: true, strict: false, unicodeRegExp: true, logger: false });
  addFormats.default(ajv);
  const compiled = new Map<string, ValidateFunction>();
  const problems: string[] = [];
  for (const [name, { schema }] of Object.entries(contracts)) {
    if (schema === undefined) continue;
    try {
      compiled.set(name, ajv.compile(schema));
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      problems.push(`the schema of ${name} cannot be used: ${words}; run \`plexica build\` anew`);
    }
  }
  return {
    problems,
    violationOf(name, data) {
      const validate = compiled.get(name);
      if (validate === undefined || validate(data)) return undefined;
      const errors = validate.errors ?? [];
      const told = errors.slice(0, MOST).map(({ instancePath, message, params }) => {
        const where = instancePath === '' ? 'data' : `data${instancePath.replaceAll('/', '.')}`;
        const extra: unknown = params.additionalProperty;
        return `${where} ${message ?? 'is not valid'}${typeof extra === 'string' ? `: "${extra}"` : ''}`;
      });
      return [...told, ...(errors.length > MOST ? [`and ${errors.length - MOST} more`] : [])].join('; ');
    },
  };
}
