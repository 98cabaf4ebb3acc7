import type { NamedSchema, Plugin, Program } from '../../ir/program.ts';
import type { EmittedFile } from '../emitter.ts';
import { declareType } from '../typescript/declare-type.ts';
import type { Layout } from '../typescript/layout.ts';
import { schemaTypesPath, typeContext } from '../typescript/schema-types.ts';
import { sourceFile } from '../typescript/source-file.ts';
import { typeOfSchema } from '../typescript/type-of-schema.ts';

/** The types of a plugin's named schemas, in a file of their own: no other name can clash with theirs there. */
export function schemaTypesFile(plugin: Plugin, program: Program): EmittedFile {
  const parts = [...plugin.schemas.values()].map(declaration);
  return sourceFile(schemaTypesPath(plugin), plugin, program, { imports: [], parts });
}

function declaration({ plugin, name, schema }: NamedSchema): Layout {
  return declareType(name.value, typeOfSchema(schema, typeContext(plugin)), schema);
}
