import type { NamedSchema, Plugin, Program } from '../../ir/program.ts';
import type { EmittedFile } from '../emitter.ts';
import { docComment } from '../typescript/comment.ts';
import { group, indent, type Layout, line } from '../typescript/layout.ts';
import { printMembers, printType } from '../typescript/print-type.ts';
import { schemaTypesPath, typeContext } from '../typescript/schema-types.ts';
import { sourceFile } from '../typescript/source-file.ts';
import { typeOfSchema } from '../typescript/type-of-schema.ts';

/** The types of a plugin's named schemas, in a file of their own: no other name can clash with theirs there. */
export function schemaTypesFile(plugin: Plugin, program: Program): EmittedFile {
  const parts = [...plugin.schemas.values()].map(declaration);
  return sourceFile(schemaTypesPath(plugin), plugin, program, { imports: [], parts });
}

function declaration({ plugin, name, schema }: NamedSchema): Layout {
  const type = typeOfSchema(schema, typeContext(plugin));
  const { description, deprecated } = schema;
  const comment = docComment({
    text: typeof description === 'string' ? description : undefined,
    deprecated: deprecated === true,
  });
  if (type.kind === 'object' && type.properties.length > 0) {
    return [comment, `export interface ${name.value} `, printMembers(type.properties, type.index)];
  }
  const printed = printType(type);
  const head = `export type ${name.value} =`;
  return [comment, head, type.kind === 'plain' ? group(indent([line, printed])) : [' ', printed], ';'];
}
