import type { JsonSchema } from '@plexica/types';
import { type NamedSchemas, resolveReference } from '../ir/dereference.ts';
import { isSchemaObject } from '../ir/subschemas.ts';

/** What a schema of an object says about its members, through `$ref` and `allOf`. */
export interface ObjectSchema {
  /** Undefined for one that is a boolean. */
  readonly properties: ReadonlyMap<string, JsonSchema | undefined>;
  readonly required: ReadonlySet<string>;
  /** Whether it has alternatives (`anyOf`, `if` …), so that there may be more than is listed. */
  readonly isOpen: boolean;
  /** The types that it states, none where it states none. */
  readonly types: readonly string[];
}

/** Reads a schema as one of an object. Total: what has a wrong shape is passed over. */
export function objectSchema(schema: JsonSchema, schemas: NamedSchemas): ObjectSchema {
  const properties = new Map<string, JsonSchema | undefined>();
  const required = new Set<string>();
  const seen = new Set<JsonSchema>();
  let isOpen = false;
  const read = (part: JsonSchema) => {
    if (seen.has(part)) return;
    seen.add(part);
    const resolved = resolveReference(part, schemas);
    if (isSchemaObject(resolved.properties)) {
      for (const [name, property] of Object.entries(resolved.properties)) {
        properties.set(name, isSchemaObject(property) ? property : undefined);
      }
    }
    for (const name of Array.isArray(resolved.required) ? resolved.required : []) {
      if (typeof name === 'string') required.add(name);
    }
    isOpen ||= ['anyOf', 'oneOf', 'if', '$ref', 'dependentSchemas'].some((keyword) => keyword in resolved);
    for (const inner of Array.isArray(resolved.allOf) ? resolved.allOf : []) {
      if (isSchemaObject(inner)) read(inner);
    }
  };
  read(schema);
  return { properties, required, isOpen, types: typesOf(schema, schemas) };
}

/** The types that a schema states, through `$ref`; of `const` and `enum` those of their values. */
export function typesOf(schema: JsonSchema, schemas: NamedSchemas): string[] {
  const resolved = resolveReference(schema, schemas);
  const { type, allOf } = resolved;
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.filter((each) => typeof each === 'string');
  if ('const' in resolved) return [typeOf(resolved.const)];
  if (Array.isArray(resolved.enum)) return [...new Set(resolved.enum.map(typeOf))];
  const [only] = Array.isArray(allOf) ? allOf : [];
  return isSchemaObject(only) && only !== schema && !('$ref' in only) ? typesOf(only, schemas) : [];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
