import type { JsonSchema } from '@plexica/types';
import { resolveReference } from '../../ir/dereference.ts';
import { isSchemaObject } from '../../ir/subschemas.ts';
import type { Scope } from './scope.ts';

export interface SchemaMember {
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/**
 * The properties of an object schema one by one, as parameters need them: its own first, then those of the schemas that it is
 * composed of. Of a property that several of them describe, the first description counts.
 */
export function schemaMembers(schema: JsonSchema | undefined, scope: Scope): Map<string, SchemaMember> {
  const found = new Map<string, JsonSchema>();
  const required = new Set<string>();
  const collect = (part: JsonSchema, certain: boolean): void => {
    const resolved = resolveReference(part, scope.plugin.schemas);
    if (certain) for (const name of listOf(resolved.required)) required.add(String(name));
    const properties = isSchemaObject(resolved.properties) ? resolved.properties : {};
    for (const [name, member] of Object.entries(properties)) {
      // `false` forbids a property.
      if (member !== false && !found.has(name)) found.set(name, isSchemaObject(member) ? member : {});
    }
    for (const inner of listOf(resolved.allOf).filter(isSchemaObject)) collect(inner, certain);
    const alternatives = [...listOf(resolved.anyOf), ...listOf(resolved.oneOf)];
    for (const inner of alternatives.filter(isSchemaObject)) collect(inner, false);
  };
  if (schema !== undefined) collect(schema, true);
  return new Map(
    [...found].map(([name, member]) => [name, { schema: member, required: required.has(name) }]),
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
