import type { Plugin } from '../../ir/program.ts';
import type { EmittedFile } from '../emitter.ts';
import { printTypeDeclaration } from '../typescript/print-declaration.ts';
import { printFile } from '../typescript/print-file.ts';
import { typeContext } from '../typescript/type-context.ts';
import { typeOfSchema } from '../typescript/type-of-schema.ts';

/** The types of a plugin's named schemas, under their own names and nothing else. */
export function schemasFile(plugin: Plugin): EmittedFile {
  const context = typeContext(plugin, 'sent', '');
  const types = [...plugin.schemas.values()].map(({ name, schema }) =>
    printTypeDeclaration(name.value, typeOfSchema(schema, context), {
      text: typeof schema.description === 'string' ? schema.description : undefined,
      deprecated: schema.deprecated === true,
    }),
  );
  return printFile(schemasPath(plugin), plugin, types);
}

/** Where the types of a plugin's named schemas are, below the output folder. */
export function schemasPath({ id }: Plugin): string {
  return `clients/schemas/${id.value}.ts`;
}
