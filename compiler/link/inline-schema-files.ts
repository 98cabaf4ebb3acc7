import type { JsonSchema } from '@plexica/types';
import { replaceReference } from '../ir/dereference.ts';
import { toValue } from '../ir/document.ts';
import type { SchemaFile } from '../ir/manifest.ts';
import { isSchemaObject, mapSubschemas } from '../ir/subschemas.ts';

/**
 * Makes a function that puts the content of a plugin's schema files in the place of the `$ref`s that name them.
 * A reference stays where its file could not be read, holds no object, or leads back to itself.
 */
export function schemaFileInliner(
  files: ReadonlyMap<string, SchemaFile>,
): (schema: JsonSchema) => JsonSchema {
  if (files.size === 0) return (schema) => schema;
  const finished = new Map<string, JsonSchema | undefined>();
  const open = new Set<string>();

  const content = (ref: string): JsonSchema | undefined => {
    if (finished.has(ref)) return finished.get(ref);
    const file = files.get(ref);
    if (file === undefined || open.has(ref)) return undefined;
    open.add(ref);
    const value = toValue(file.root);
    const inlined = isSchemaObject(value) ? inline(withoutIdentity(value)) : undefined;
    open.delete(ref);
    finished.set(ref, inlined);
    return inlined;
  };

  const inline = (schema: JsonSchema): JsonSchema => {
    const mapped = mapSubschemas(schema, inline);
    const target = typeof mapped.$ref === 'string' ? content(mapped.$ref) : undefined;
    return target === undefined ? mapped : replaceReference(mapped, target);
  };

  return inline;
}

/** What names a schema file for editors has no meaning where its content stands. */
function withoutIdentity({ $schema: _, $id: __, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
