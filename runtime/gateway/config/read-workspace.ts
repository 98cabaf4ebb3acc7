import {
  type Environment,
  interpolate,
  type SchemaViolation,
  scalarOf,
  validateWorkspace,
  type Workspace,
} from '@plexica/types';
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { closestName } from '../closest-name.ts';
import { SetupError } from '../errors.ts';
import { ruleInWords } from '../validation/rule-in-words.ts';

/** A valid plexica.yaml with the variables put in, and where its values stand. */
export interface WorkspaceDocument {
  readonly value: Workspace;
  /** `plexica.yaml:12`, for messages: the line of the value at these keys, or of the nearest one around it. */
  at(...keys: readonly (string | number)[]): string;
}

/**
 * Reads the text of a plexica.yaml. All that is wrong with it is told at once, with lines.
 *
 * @param file as messages name it
 * @throws SetupError
 */
export function readWorkspace(text: string, file: string, environment: Environment): WorkspaceDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const lineOf = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  if (document.errors.length > 0) {
    throw new SetupError(
      document.errors
        .map((error) => `${lineOf(error.pos[0])}: this is not YAML: ${error.message}`)
        .join('\n'),
    );
  }
  const at = (...keys: readonly (string | number)[]) => lineOf(offsetOf(document, keys));
  putVariablesIn(document, environment, lineOf);
  const value: unknown = document.toJS();
  const violations = validateWorkspace(value);
  if (violations.length > 0) {
    const messages = violations.map((violation) => tell(violation, at)).filter((line) => line !== undefined);
    throw new SetupError([...new Set(messages)].join('\n'));
  }
  // The validator was generated from the schema of which the type is generated.
  return { value: value as Workspace, at };
}

/** In keys `x-…`, which are free, a variable may be missing. */
function putVariablesIn(
  document: Document,
  environment: Environment,
  lineOf: (offset: number) => string,
): void {
  const problems: string[] = [];
  visit(document, {
    Pair(_, pair) {
      return isScalar(pair.key) && String(pair.key.value).startsWith('x-') ? visit.SKIP : undefined;
    },
    Scalar(key, scalar, path) {
      if (key === 'key' || typeof scalar.value !== 'string') return;
      const { text, missing } = interpolate(scalar.value, environment);
      if (text !== scalar.value) scalar.value = scalarOf(text);
      const parent = path.at(-1);
      const name =
        parent !== undefined && 'key' in parent && isScalar(parent.key) ? `${parent.key.value}: ` : '';
      for (const variable of missing) {
        problems.push(
          `${lineOf(scalar.range?.[0] ?? 0)}: ${name}the environment variable ${variable} is not set; ` +
            `set it, or write a default: \${${variable}:-value}`,
        );
      }
    },
  });
  if (problems.length > 0) throw new SetupError(problems.join('\n'));
}

function offsetOf(document: Document, keys: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) return offset;
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair.value;
    } else if (typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)) {
      node = node.items[Number(key)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

/** A violation in the words of the file. Undefined for what another violation says better. */
function tell(violation: SchemaViolation, at: WorkspaceDocument['at']): string | undefined {
  const keys = violation.instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const name = keys.length === 0 ? 'the file' : keys.join('.');
  const { params } = violation;
  switch (violation.keyword) {
    case 'additionalProperties': {
      const unknown = String(params.additionalProperty);
      const known = closestName(unknown, Object.keys(violation.parentSchema?.properties ?? {}));
      const hint = known === undefined ? '' : `; did you mean "${known}"?`;
      return `${at(...keys, unknown)}: ${[...keys, unknown].join('.')} is not a known setting${hint}`;
    }
    case 'required':
      // The members of `oneOf` ask for one key each; the `oneOf` itself says it for all of them.
      if (violation.schemaPath.includes('/oneOf/')) return undefined;
      return `${at(...keys)}: ${name} must have "${String(params.missingProperty)}"`;
    case 'oneOf':
      return `${at(...keys)}: ${name} must have exactly one of jwksUri, publicKeyFile and secret`;
    case 'enum':
      return `${at(...keys)}: ${name} must be one of ${(params.allowedValues as readonly unknown[]).join(', ')}`;
    default:
      return `${at(...keys)}: ${name} ${wordsFor(violation)}`;
  }
}

function wordsFor({ keyword, params, parentSchema = {} }: SchemaViolation): string {
  // What is no text at all shall be one of this form, too.
  if (typeof parentSchema.pattern === 'string')
    return `must be ${formOf(parentSchema.pattern, parentSchema)}`;
  return ruleInWords({ keyword, params, schema: parentSchema[keyword] });
}

function formOf(pattern: string, { description }: Readonly<Record<string, unknown>>): string {
  if (pattern.includes('ms|s|m|h')) return 'a duration such as 500ms, 5s or 1m';
  if (pattern.includes('KiB')) return 'a size such as 512KiB or 10MiB';
  if (pattern === '^https?://') return 'a URL that begins with http:// or https://';
  return typeof description === 'string' ? description : `of the form ${pattern}`;
}
