import type { JsonSchema } from '@plexica/types';
import { referencedName } from '../../ir/dereference.ts';
import { isSchemaObject } from '../../ir/subschemas.ts';
import type { Scope } from './scope.ts';

export interface SchemaMember {
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/**
 * The properties of an object schema one by one, as parameters need them: its own first, then those of what it refers to and
 * is composed of. Of a property that several parts describe, the first description counts.
 */
export function schemaMembers(schema: JsonSchema | undefined, scope: Scope): Map<string, SchemaMember> {
  const members = new Map<string, SchemaMember>();
  const requiredNames = new Set<string>();
  const collect = (part: JsonSchema, open: ReadonlySet<string>, certain: boolean): void => {
    if (certain) for (const name of stringsOf(part.required)) requiredNames.add(name);
    const { properties } = part;
    if (isSchemaObject(properties)) {
      for (const [name, member] of Object.entries(properties)) {
        if (member === false || members.has(name)) continue;
        members.set(name, { schema: isSchemaObject(member) ? member : {}, required: false });
      }
    }
    const name = referencedName(part.$ref);
    const target = name === undefined || open.has(name) ? undefined : scope.plugin.schemas.get(name);
    if (name !== undefined && target !== undefined) collect(target.schema, new Set([...open, name]), certain);
    for (const inner of schemasOf(part.allOf)) collect(inner, open, certain);
    for (const inner of [...schemasOf(part.anyOf), ...schemasOf(part.oneOf)]) collect(inner, open, false);
  };
  if (schema !== undefined) collect(schema, new Set(), true);
  return new Map(
    [...members].map(([name, member]) => [name, { ...member, required: requiredNames.has(name) }]),
  );
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function schemasOf(value: unknown): JsonSchema[] {
  return Array.isArray(value) ? value.filter(isSchemaObject) : [];
}
