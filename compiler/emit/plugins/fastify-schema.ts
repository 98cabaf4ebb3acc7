import type { JsonSchema } from '@plexica/types';
import { referencedName } from '../../ir/dereference.ts';
import { mapSubschemas } from '../../ir/subschemas.ts';
import type { Name } from '../typescript/literal.ts';

/** Words about a schema, for which a validator has no use. */
const WORDS: ReadonlySet<string> = new Set([
  '$comment',
  'deprecated',
  'description',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
]);

/**
 * A schema of a manifest as Fastify's own ajv takes it. Rule `invalid-json-schema` lets in only keywords that both read
 * in the same way; here words about the schema go, and a constant of generated code stands for each named schema.
 *
 * @param named the constant of a named schema
 */
export function fastifySchema(schema: JsonSchema, named: (name: string) => Name | undefined): JsonSchema {
  const inner = mapSubschemas(schema, (subschema) => fastifySchema(subschema, named));
  const rules = Object.entries(inner).filter(([keyword]) => !WORDS.has(keyword) && !keyword.startsWith('x-'));
  const { $ref, ...own } = Object.fromEntries(rules);
  const name = referencedName($ref);
  const target = name === undefined ? undefined : named(name);
  if (target === undefined) return own;
  if (Object.keys(own).length === 0) return target;
  const { allOf, ...beside } = own;
  return { ...beside, allOf: [target, ...(Array.isArray(allOf) ? allOf : [])] };
}
