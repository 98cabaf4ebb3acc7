import type { JsonSchema } from '@plexica/types';
import { referencedName } from '../../ir/dereference.ts';
import type { Plugin } from '../../ir/program.ts';
import { subschemas } from '../../ir/subschemas.ts';
import { reference } from './type-node.ts';
import type { TypeContext } from './type-of-schema.ts';

/** The file that holds the types of a plugin's named schemas, below the output folder. */
export function schemaTypesPath(plugin: Plugin): string {
  return `schemas/${plugin.id.value}.ts`;
}

/**
 * How the types of a plugin's schemas are referred to.
 *
 * @param scope the name under which the file of the plugin's schema types is imported; none within that file
 */
export function typeContext(
  plugin: Plugin,
  { scope, values = 'sent' }: { readonly scope?: string; readonly values?: TypeContext['values'] } = {},
): TypeContext {
  return {
    values,
    typeOfReference: (ref) => {
      const name = referencedName(ref);
      if (name === undefined || !plugin.schemas.has(name)) return undefined;
      return reference(scope === undefined ? name : `${scope}.${name}`);
    },
  };
}

/** The names of the schemas that some schemas refer to, and of those that these refer to. */
export function referencedNames(schemas: Iterable<JsonSchema>, plugin: Plugin): string[] {
  const names = new Set<string>();
  const visit = (schema: JsonSchema): void => {
    const name = referencedName(schema.$ref);
    if (name !== undefined && !names.has(name)) {
      const target = plugin.schemas.get(name);
      if (target !== undefined) {
        names.add(name);
        visit(target.schema);
      }
    }
    for (const inner of subschemas(schema)) visit(inner);
  };
  for (const schema of schemas) visit(schema);
  return [...names];
}
