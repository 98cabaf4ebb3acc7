import type { JsonSchema } from '@plexica/types';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/quote.ts';
import { referencedName } from '../../ir/dereference.ts';
import type { Plugin } from '../../ir/program.ts';
import { subschemas } from '../../ir/subschemas.ts';
import type { Rule } from '../rule.ts';

/** Parts of the largest schema, counted with every reference written out. */
const LARGEST = 10_000;

/** A schema stays of bounded size when its references are written out, as they are for Fastify. */
export const schemaSize: Rule = {
  code: 'PLX4015',
  name: 'schema-size',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) yield* oversized(plugin);
  },
};

function* oversized({ schemas, routes }: Plugin): Generator<Finding> {
  const sizes = new Map<JsonSchema, number>();
  const sizeOf = (schema: JsonSchema): number => {
    const known = sizes.get(schema);
    if (known !== undefined) return known;
    // What refers to itself adds nothing more; rule ref-cycle reports it.
    sizes.set(schema, 0);
    const named = schemas.get(referencedName(schema.$ref) ?? '');
    let size = named === undefined ? 1 : sizeOf(named.schema);
    for (const inner of subschemas(schema)) size += sizeOf(inner);
    const bounded = Math.min(size, LARGEST + 1);
    sizes.set(schema, bounded);
    return bounded;
  };
  const isCause = (schema: JsonSchema) =>
    sizeOf(schema) > LARGEST &&
    !refersToLarge(schema, (name) => sizeOf(schemas.get(name)?.schema ?? {}) > LARGEST);
  const finding = {
    label: `more than ${LARGEST} parts`,
    help: 'refer to fewer schemas, or hold ids instead of wholes',
  };

  for (const { name, schema } of schemas.values()) {
    if (!isCause(schema)) continue;
    yield {
      ...finding,
      at: name.span,
      message: `the schema ${quote(name.value)} is too large with its references written out`,
    };
  }
  for (const { label, declarations } of routes) {
    for (const { request, responses, node } of declarations) {
      const parts = [
        request.params,
        request.querystring,
        request.headers,
        request.body,
        ...responses.values(),
      ];
      if (!parts.some((schema) => schema !== undefined && isCause(schema))) continue;
      const at = node.members.get('path')?.value.span ?? node.span;
      yield { ...finding, at, message: `a schema of ${label} is too large with its references written out` };
    }
  }
}

function refersToLarge(schema: JsonSchema, isLarge: (name: string) => boolean): boolean {
  const seen = new Set<JsonSchema>();
  const visit = (part: JsonSchema): boolean => {
    if (seen.has(part)) return false;
    seen.add(part);
    const name = referencedName(part.$ref);
    if (name !== undefined && isLarge(name)) return true;
    return [...subschemas(part)].some(visit);
  };
  return visit(schema);
}
