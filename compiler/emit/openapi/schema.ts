import type { JsonSchema } from '@plexica/types';
import type { ReferenceObject, SchemaObject } from 'openapi3-ts/oas31';
import { referencedName } from '../../ir/dereference.ts';
import { isSchemaObject, mapSubschemas } from '../../ir/subschemas.ts';
import { escapeMarkdown, escapeTitle } from './markdown.ts';

/** How named schemas appear in a document, and which of them it has referred to so far. */
export interface SchemaScope {
  componentName(schemaName: string): string;
  readonly references: { readonly schemas: Set<string> };
}

/**
 * A JSON Schema of a manifest as an OpenAPI 3.1 Schema Object. Only what stands where JSON Schema has schemas is rewritten:
 * what `const`, `enum`, `default` and `examples` hold is data and stays as it is, `$ref`s and all.
 */
export function schemaObject(schema: JsonSchema, scope: SchemaScope): SchemaObject | ReferenceObject {
  // Rule `invalid-json-schema` leaves only keywords of JSON Schema 2020-12, which Schema Objects of OpenAPI 3.1 are.
  return convert(schema, scope) as SchemaObject;
}

/** Not for readers, or the address of a schema file, which would change what `$ref` means in the document. */
const LEFT_OUT: ReadonlySet<string> = new Set(['$comment', '$id', '$schema']);

function convert(schema: JsonSchema, scope: SchemaScope): JsonSchema {
  const inner = mapSubschemas(schema, (part) => convert(part, scope));
  const entries = Object.entries(inner)
    .filter(([keyword]) => !LEFT_OUT.has(keyword))
    .map(([keyword, value]): [string, unknown] => {
      if (typeof value !== 'string') return [keyword, value];
      if (keyword === '$ref') return [keyword, componentReference(value, scope)];
      if (keyword === 'description') return [keyword, escapeMarkdown(value)];
      return [keyword, keyword === 'title' ? escapeTitle(value) : value];
    });
  return writeOut(Object.fromEntries(entries));
}

/** Refers to a named schema of the manifest, which the document's components will then hold. */
function componentReference(ref: string, scope: SchemaScope): string {
  const name = referencedName(ref);
  if (name === undefined) return ref;
  scope.references.schemas.add(name);
  return `#/components/schemas/${scope.componentName(name)}`;
}

/** Says in full what JSON Schema lets one leave out and readers of OpenAPI expect; the meaning stays the same. */
function writeOut(schema: JsonSchema): JsonSchema {
  const { type, items, required, properties, additionalProperties } = schema;
  const types = Array.isArray(type) ? type : [type];
  const added: JsonSchema = {};
  if (types.includes('array') && items === undefined) added.items = {};
  if (Array.isArray(required) && additionalProperties === undefined && types.includes('object')) {
    const known = isSchemaObject(properties) ? properties : {};
    const others = required.filter((name) => typeof name === 'string' && !Object.hasOwn(known, name));
    if (others.length > 0) {
      added.properties = { ...known, ...Object.fromEntries(others.map((name) => [name, {}])) };
    }
  }
  return { ...schema, ...added };
}
