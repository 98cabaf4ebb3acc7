import type { JsonSchema } from '@plexica/types';

/** How a keyword of JSON Schema 2020-12 holds further schemas. */
export type SchemaKeyword = 'schema' | 'list' | 'record';

const SCHEMA_KEYWORDS: ReadonlyMap<string, SchemaKeyword> = new Map([
  ['additionalProperties', 'schema'],
  ['contains', 'schema'],
  ['contentSchema', 'schema'],
  ['else', 'schema'],
  ['if', 'schema'],
  ['items', 'schema'],
  ['not', 'schema'],
  ['propertyNames', 'schema'],
  ['then', 'schema'],
  ['unevaluatedItems', 'schema'],
  ['unevaluatedProperties', 'schema'],
  ['allOf', 'list'],
  ['anyOf', 'list'],
  ['oneOf', 'list'],
  ['prefixItems', 'list'],
  ['$defs', 'record'],
  ['definitions', 'record'],
  ['dependentSchemas', 'record'],
  ['patternProperties', 'record'],
  ['properties', 'record'],
]);

/** Whether and how a keyword holds schemas: the words below `properties` are names, those below `enum` are data. */
export function schemaKeyword(keyword: string): SchemaKeyword | undefined {
  return SCHEMA_KEYWORDS.get(keyword);
}

/** The schemas directly inside a schema. Booleans are left out; wrong shapes are passed over. */
export function* subschemas(schema: JsonSchema): Generator<JsonSchema> {
  for (const [keyword, value] of Object.entries(schema)) {
    const kind = schemaKeyword(keyword);
    if (kind === 'schema') {
      if (isSchemaObject(value)) yield value;
    } else if (kind !== undefined && typeof value === 'object' && value !== null) {
      for (const member of Object.values(value)) if (isSchemaObject(member)) yield member;
    }
  }
}

/** A copy of a schema with every schema directly inside it replaced. The schema itself where nothing changes. */
export function mapSubschemas(schema: JsonSchema, replace: (inner: JsonSchema) => JsonSchema): JsonSchema {
  let changed = false;
  const replaceAny = (value: unknown): unknown => {
    if (!isSchemaObject(value)) return value;
    const replaced = replace(value);
    if (replaced !== value) changed = true;
    return replaced;
  };
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    const kind = schemaKeyword(keyword);
    if (kind === 'schema') return [keyword, replaceAny(value)];
    if (kind === 'list' && Array.isArray(value)) return [keyword, value.map(replaceAny)];
    if (kind === 'record' && isSchemaObject(value)) {
      const members = Object.entries(value).map(([name, member]) => [name, replaceAny(member)] as const);
      return [keyword, Object.fromEntries(members)];
    }
    return [keyword, value];
  });
  return changed ? Object.fromEntries(entries) : schema;
}

/** Whether a JSON value can be a schema with keywords: any object. */
export function isSchemaObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
