import type { RequestSchemas, Route } from '../../ir/program.ts';

const PARTS = [
  'params',
  'querystring',
  'headers',
  'body',
] as const satisfies readonly (keyof RequestSchemas)[];

/** The parts of a request that the gateway checks: those that have a schema, and the body unless `validateBody` is false. */
export function validatedParts({ request, validateBody }: Route): (keyof RequestSchemas)[] {
  return PARTS.filter((part) => request[part] !== undefined && (part !== 'body' || validateBody));
}
