import type { JsonSchema } from '@plexica/types';
import { referencedName } from '../../ir/dereference.ts';
import { isSchemaObject, mapSubschemas } from '../../ir/subschemas.ts';

/** Words about a schema, and ways to name one: a validator has no use for them. */
const DROPPED: ReadonlySet<string> = new Set([
  '$comment',
  '$defs',
  '$id',
  '$schema',
  'definitions',
  'deprecated',
  'description',
  'example',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
]);

/**
 * A JSON Schema (2020-12) as Fastify's own ajv (draft 7) takes it: the same rules in the older words. What draft 7
 * cannot say, as `unevaluatedProperties`, stays; Fastify refuses it when it starts, unless it is given an ajv that knows
 * it.
 *
 * @param named what stands in the place of a named schema
 */
export function fastifySchema(schema: JsonSchema, named: (name: string) => unknown): unknown {
  const { $ref, ...own } = olderWords(mapSubschemas(rules(schema), (inner) => fastifySchemaObject(inner, named)));
  const name = referencedName($ref);
  if (name === undefined) return own;
  const target = named(name);
  if (Object.keys(own).length === 0) return target;
  const { allOf, ...beside } = own;
  return { ...beside, allOf: [target, ...(Array.isArray(allOf) ? allOf : [])] };
}

/** What stands for a schema inside another is an object to everything that walks through schemas. */
function fastifySchemaObject(schema: JsonSchema, named: (name: string) => unknown): JsonSchema {
  const result = fastifySchema(schema, named);
  return isSchemaObject(result) ? result : {};
}

function rules(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).filter(([keyword]) => !DROPPED.has(keyword) && !keyword.startsWith('x-')),
  );
}

function olderWords(schema: JsonSchema): JsonSchema {
  const { prefixItems, items, dependentRequired, dependentSchemas, ...others } = schema;
  const dependencies = { ...asObject(dependentRequired), ...asObject(dependentSchemas) };
  return {
    ...others,
    ...(prefixItems === undefined && items !== undefined && { items }),
    ...(prefixItems !== undefined && { items: prefixItems, ...(items !== undefined && { additionalItems: items }) }),
    ...(Object.keys(dependencies).length > 0 && { dependencies }),
  };
}

function asObject(value: unknown): object {
  return isSchemaObject(value) ? value : {};
}
