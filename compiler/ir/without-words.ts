import type { JsonSchema } from '@plexica/types';

/** Words about a schema, for which a validator has no use. */
const WORDS: ReadonlySet<string> = new Set([
  '$comment',
  'deprecated',
  'description',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
]);

/** A schema's own keywords but for words about it and what begins with `x-`. What is inside it stays as it is. */
export function withoutWords(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).filter(([keyword]) => !WORDS.has(keyword) && !keyword.startsWith('x-')),
  );
}
