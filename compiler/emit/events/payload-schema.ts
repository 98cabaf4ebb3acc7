import type { JsonSchema } from '@plexica/types';
import { referencedName } from '../../ir/dereference.ts';
import type { PublishedEvent } from '../../ir/program.ts';
import { mapSubschemas } from '../../ir/subschemas.ts';
import { withoutWords } from '../../ir/without-words.ts';
import { referencedNames } from '../typescript/schema-types.ts';

/**
 * The schema of an event's payload as a validator takes it: without words about it, and with the named schemas that it
 * refers to under `$defs`, in the order of the manifest. Undefined where every payload is allowed.
 */
export function payloadSchema({ plugin, schema }: PublishedEvent): JsonSchema | undefined {
  if (schema === undefined) return undefined;
  const used = new Set(plugin === undefined ? [] : referencedNames([schema], plugin));
  const named = [...(plugin?.schemas ?? [])].filter(([name]) => used.has(name));
  if (named.length === 0) return rulesOf(schema);
  const definitions = named.map(([name, { schema: target }]) => [name, rulesOf(target)] as const);
  return { ...rulesOf(schema), $defs: Object.fromEntries(definitions) };
}

function rulesOf(schema: JsonSchema): JsonSchema {
  const rules = withoutWords(mapSubschemas(schema, rulesOf));
  const name = referencedName(rules.$ref);
  return name === undefined ? rules : { ...rules, $ref: `#/$defs/${name}` };
}
