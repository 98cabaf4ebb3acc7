import type { JsonSchema } from '@plexica/types';
import type { ReferenceObject, SchemaObject } from 'openapi3-ts/oas31';
import { referencedName } from '../../ir/dereference.ts';
import { isSchemaObject, mapSubschemas, schemaKeyword } from '../../ir/subschemas.ts';
import { escapeMarkdown, escapeTitle } from './markdown.ts';
import type { Scope } from './scope.ts';

/**
 * A JSON Schema of a manifest as an OpenAPI 3.1 Schema Object. Only what stands where JSON Schema has schemas is rewritten:
 * what `const`, `enum`, `default` and `examples` hold is data and stays as it is, `$ref`s and all.
 */
export function schemaObject(schema: JsonSchema, scope: Scope): SchemaObject | ReferenceObject {
  const inner = mapSubschemas(schema, (part) => ({ ...schemaObject(part, scope) }));
  const entries = Object.entries(inner).flatMap(([keyword, value]): [string, unknown][] => {
    if (keyword === '$ref') return referenceEntry(value, scope);
    if (keyword === 'description' && typeof value === 'string') return [[keyword, escapeMarkdown(value)]];
    if (keyword === 'title' && typeof value === 'string') return [[keyword, escapeTitle(value)]];
    return isKept(keyword) ? [[keyword, value]] : [];
  });
  // Built from checked keywords: JSON Schema 2020-12 is what Schema Objects of OpenAPI 3.1 hold.
  return writeOut(Object.fromEntries(entries), schema.nullable === true) as SchemaObject;
}

/** A reference to a named schema of the manifest, which the document's components will then hold. */
function referenceEntry(ref: unknown, scope: Scope): [string, unknown][] {
  const name = referencedName(ref);
  if (name === undefined || !scope.plugin.schemas.has(name)) return [];
  scope.references.schemas.add(name);
  return [['$ref', `#/components/schemas/${scope.componentName(name)}`]];
}

/** Keywords of JSON Schema 2020-12 and OpenAPI 3.1 that hold no schemas. */
const PLAIN_KEYWORDS: ReadonlySet<string> = new Set([
  'const',
  'contentEncoding',
  'contentMediaType',
  'default',
  'dependentRequired',
  'deprecated',
  'discriminator',
  'enum',
  'example',
  'examples',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'externalDocs',
  'format',
  'maxContains',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minContains',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
  'pattern',
  'readOnly',
  'required',
  'type',
  'uniqueItems',
  'writeOnly',
  'xml',
]);

/**
 * `$id`, `$anchor` and `$schema` would change what `$ref` means in the document; `$defs` is out of reach, as a `$ref` names
 * a schema of the manifest; `$comment` is not for readers; what no specification knows (`tsType`) says nothing here.
 */
function isKept(keyword: string): boolean {
  if (keyword === '$defs' || keyword === 'definitions') return false;
  return schemaKeyword(keyword) !== undefined || PLAIN_KEYWORDS.has(keyword) || keyword.startsWith('x-');
}

/** Says in full what JSON Schema lets one leave out and readers of OpenAPI expect; the meaning stays the same. */
function writeOut(schema: JsonSchema, nullable: boolean): JsonSchema {
  const { type, items, required, properties, additionalProperties, unevaluatedProperties } = schema;
  const types = Array.isArray(type) ? type : [type];
  const added: JsonSchema = {};
  // Ajv's spelling, from OpenAPI 3.0.
  if (nullable && type !== undefined && !types.includes('null')) added.type = [...types, 'null'];
  if (types.includes('array') && items === undefined) added.items = {};
  const isOpen = additionalProperties === undefined && unevaluatedProperties === undefined;
  if (Array.isArray(required) && isOpen && types.includes('object')) {
    const known = isSchemaObject(properties) ? properties : {};
    const unknown = required.filter((name) => typeof name === 'string' && !Object.hasOwn(known, name));
    if (unknown.length > 0) {
      added.properties = { ...known, ...Object.fromEntries(unknown.map((name) => [name, {}])) };
    }
  }
  return { ...schema, ...added };
}
