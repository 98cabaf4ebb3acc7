import type { JsonSchema } from '@plexica/types';
import type { ExamplesObject, MediaTypeObject } from 'openapi3-ts/oas31';
import { resolveReference } from '../../ir/dereference.ts';
import { isSchemaObject } from '../../ir/subschemas.ts';
import { schemaObject } from './schema.ts';
import type { Scope } from './scope.ts';

/** A JSON body: its schema, and the examples that the manifest gives for it. */
export function jsonBody(schema: JsonSchema, scope: Scope): MediaTypeObject {
  const examples = bodyExamples(schema, scope).filter((value) => !holdsReference(value));
  return {
    schema: schemaObject(schema, scope),
    ...(examples.length > 0 && { examples: namedExamples(examples) }),
  };
}

function namedExamples(values: readonly unknown[]): ExamplesObject {
  return Object.fromEntries(values.map((value, index) => [`example-${index + 1}`, { value }]));
}

/** Those of the schema itself or, of a response envelope, those of `data` put into it. */
function bodyExamples(schema: JsonSchema, scope: Scope): unknown[] {
  const own = examplesOf(schema, scope);
  if (own.length > 0) return own;
  const { properties, required } = resolveReference(schema, scope.plugin.schemas);
  if (!isSchemaObject(properties) || !isSchemaObject(properties.data)) return [];
  const others = Object.keys(properties).filter((name) => !['success', 'data', 'total'].includes(name));
  if (Array.isArray(required) && others.some((name) => required.includes(name))) return [];
  const { data } = properties;
  const ofData = examplesOf(data, scope);
  if (ofData.length > 0) return ofData.map((value) => ({ success: true, data: value }));
  const { type, items } = resolveReference(data, scope.plugin.schemas);
  if (type !== 'array' || !isSchemaObject(items)) return [];
  const ofItems = examplesOf(items, scope);
  if (ofItems.length === 0) return [];
  return [{ success: true, data: ofItems, ...('total' in properties && { total: ofItems.length }) }];
}

function examplesOf(schema: JsonSchema, scope: Scope): unknown[] {
  const { examples, example } = resolveReference(schema, scope.plugin.schemas);
  if (Array.isArray(examples)) return examples;
  return example === undefined ? [] : [example];
}

/** Readers of OpenAPI would follow a `$ref` in an example, though it is data here. It stays in the schema's own examples. */
function holdsReference(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '$ref') || Object.values(value).some(holdsReference);
}
