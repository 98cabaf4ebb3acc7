import type { JsonSchema } from '@plexica/types';
import { mapSubschemas } from './subschemas.ts';

/** The named schemas of one plugin, as `Plugin.schemas` holds them. */
export type NamedSchemas = ReadonlyMap<string, { readonly schema: JsonSchema }>;

/** The name in `#/schemas/Name`, or undefined for any other `$ref`. */
export function referencedName(ref: unknown): string | undefined {
  return typeof ref === 'string' ? /^#\/schemas\/([A-Za-z][A-Za-z0-9_]*)$/.exec(ref)?.[1] : undefined;
}

/**
 * What a schema says at its top: `$ref`s are followed until there is none. What stands beside a `$ref` counts too.
 * A reference that is unknown, or leads back to itself, stays.
 */
export function resolveReference(schema: JsonSchema, schemas: NamedSchemas): JsonSchema {
  let resolved = schema;
  for (const seen = new Set<string>(); ; ) {
    const name = referencedName(resolved.$ref);
    const target = name === undefined || seen.has(name) ? undefined : schemas.get(name);
    if (name === undefined || target === undefined) return resolved;
    seen.add(name);
    resolved = replaceReference(resolved, target.schema);
  }
}

/**
 * The same schema as a validator takes it: every named schema stands where it is referred to, and what begins with
 * `x-` is left out. Parts are shared, not copied. A reference that is unknown, or leads back to itself, becomes `{}`,
 * which allows everything.
 */
export function dereference(schema: JsonSchema, schemas: NamedSchemas): JsonSchema {
  const finished = new Map<string, JsonSchema>();
  const open = new Set<string>();
  const named = (name: string): JsonSchema => {
    const done = finished.get(name);
    if (done !== undefined) return done;
    const target = schemas.get(name);
    if (target === undefined || open.has(name)) return {};
    open.add(name);
    const result = expand(target.schema);
    open.delete(name);
    finished.set(name, result);
    return result;
  };
  const expand = (inner: JsonSchema): JsonSchema => {
    const expanded = withoutExtensions(mapSubschemas(inner, expand));
    if (!('$ref' in expanded)) return expanded;
    const name = referencedName(expanded.$ref);
    return replaceReference(expanded, name === undefined ? {} : named(name));
  };
  return expand(schema);
}

/** Keywords that describe and do not constrain: beside a `$ref` they replace those of its target. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$comment',
  'default',
  'deprecated',
  'description',
  'example',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
]);

/** A schema with the target of its `$ref` in the place of the `$ref`. */
export function replaceReference(schema: JsonSchema, target: JsonSchema): JsonSchema {
  const { $ref: _, ...beside } = schema;
  const keywords = Object.keys(beside);
  if (keywords.length === 0) return target;
  if (keywords.every((keyword) => ANNOTATIONS.has(keyword) || keyword.startsWith('x-'))) {
    return { ...target, ...beside };
  }
  const { allOf, ...rest } = beside;
  return { ...rest, allOf: [target, ...(Array.isArray(allOf) ? allOf : [])] };
}

function withoutExtensions(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema);
  const kept = entries.filter(([keyword]) => !keyword.startsWith('x-'));
  return kept.length === entries.length ? schema : Object.fromEntries(kept);
}
