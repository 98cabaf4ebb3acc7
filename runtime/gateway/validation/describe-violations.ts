import type { ErrorObject } from 'ajv';
import type { ErrorDetail } from '../errors.ts';
import { ruleInWords } from './rule-in-words.ts';
import { settleAlternatives } from './settle-alternatives.ts';

/** The longest path, in characters: its names are the client's. */
const LONGEST_PATH = 200;

/**
 * The violations of one part of a request in words for people: which field, and what it must be. What the client sent
 * is never repeated, but for the names of its fields. The order is that of the schema, and of the items in a list.
 */
export function describeViolations(
  part: ErrorDetail['in'],
  errors: readonly ErrorObject[],
): readonly ErrorDetail[] {
  if (errors.length === 0) return [];
  const described = settleAlternatives(
    errors.map((error) => ({ error, path: pathOf(error), message: ruleInWords(error) })),
  );
  const details = new Map<string, ErrorDetail>();
  for (const { path, message } of described) {
    const shown = path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path;
    details.set(`${shown} ${message}`, { in: part, path: shown, message });
  }
  return [...details.values()];
}

/** The field that is meant: one that is missing or unknown stands below the object that ajv names. */
function pathOf({ instancePath, keyword, params, propertyName }: ErrorObject): string {
  const name: unknown =
    keyword === 'required'
      ? params.missingProperty
      : keyword === 'additionalProperties'
        ? params.additionalProperty
        : keyword === 'propertyNames'
          ? params.propertyName
          : propertyName;
  return typeof name === 'string'
    ? `${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : instancePath;
}
