import type { JsonSchema } from '@plexica/types';
import { referencedName } from '../../ir/dereference.ts';
import { mapSubschemas } from '../../ir/subschemas.ts';
import { withoutWords } from '../../ir/without-words.ts';
import type { Name } from '../typescript/literal.ts';

/**
 * A schema of a manifest as Fastify's own ajv takes it. Rule `invalid-json-schema` lets in only keywords that both read
 * in the same way; here words about the schema go, and a constant of generated code stands for each named schema.
 *
 * @param named the constant of a named schema
 */
export function fastifySchema(schema: JsonSchema, named: (name: string) => Name | undefined): JsonSchema {
  const inner = mapSubschemas(schema, (subschema) => fastifySchema(subschema, named));
  const { $ref, ...own } = withoutWords(inner);
  const name = referencedName($ref);
  const target = name === undefined ? undefined : named(name);
  if (target === undefined) return own;
  if (Object.keys(own).length === 0) return target;
  const { allOf, ...beside } = own;
  return { ...beside, allOf: [target, ...(Array.isArray(allOf) ? allOf : [])] };
}
