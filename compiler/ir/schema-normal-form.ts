import { digestOf, type JsonSchema } from '@plexica/types';
import { type NamedSchemas, referencedName, replaceReference } from './dereference.ts';
import { mapSubschemas } from './subschemas.ts';

/** A part whose normal form is longer than this is replaced by its digest, so that no schema grows without bound. */
const DIGEST_FROM = 2000;

/** Wording: it explains a schema, and changing it changes no contract. */
const WORDING: ReadonlySet<string> = new Set([
  '$comment',
  'deprecated',
  'description',
  'example',
  'examples',
  'title',
]);

/** Keywords whose array is a set: its order says nothing. */
const SETS: ReadonlySet<string> = new Set(['enum', 'required', 'type']);

/** Brings the schemas of one plugin into normal form. */
export type NormalizeSchema = (schema: JsonSchema) => unknown;

/**
 * Makes a function that brings schemas into normal form: references followed, wording left out, sets sorted.
 * Two schemas that say the same have the same normal form, whether a part is named, in a file or in place.
 * Total: a reference that is unknown stays, one that leads back to itself ends there.
 */
export function schemaNormalizer(schemas: NamedSchemas): NormalizeSchema {
  const finished = new Map<JsonSchema, JsonSchema>();
  const open = new Set<JsonSchema>();

  const normalize = (schema: JsonSchema): JsonSchema => {
    const done = finished.get(schema);
    if (done !== undefined) return done;
    if (open.has(schema)) return { $ref: 'itself' };
    open.add(schema);
    const normal = shorten(normalizeOpened(schema));
    open.delete(schema);
    finished.set(schema, normal);
    return normal;
  };

  const normalizeOpened = (schema: JsonSchema): JsonSchema => {
    const kept = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !isWording(keyword)));
    const name = referencedName(kept.$ref);
    const target = name === undefined ? undefined : schemas.get(name);
    if (target !== undefined) return normalize(replaceReference(kept, target.schema));
    const entries = Object.entries(mapSubschemas(kept, normalize));
    return Object.fromEntries(
      entries.map(([keyword, value]) => [keyword, SETS.has(keyword) ? sortSet(value) : value]),
    );
  };

  return normalize;
}

function isWording(keyword: string): boolean {
  return WORDING.has(keyword) || keyword.startsWith('x-');
}

function shorten(schema: JsonSchema): JsonSchema {
  return JSON.stringify(schema).length > DIGEST_FROM ? { digest: digestOf(schema) } : schema;
}

function sortSet(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const [only] = value;
  if (value.length === 1) return only;
  return value
    .map((item) => ({ item, key: JSON.stringify(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}
