import type { JsonSchema } from '@plexica/types';
import { docComment } from './comment.ts';
import { group, indent, type Layout, line } from './layout.ts';
import { printMembers, printType } from './print-type.ts';
import type { TypeNode } from './type-node.ts';

/**
 * An exported type: an interface where that says it, a type alias otherwise.
 *
 * @param schema what the type was made from; its words are the comment
 */
export function declareType(name: string, type: TypeNode, schema: JsonSchema): Layout {
  const { description, deprecated } = schema;
  const comment = docComment({
    text: typeof description === 'string' ? description : undefined,
    deprecated: deprecated === true,
  });
  if (type.kind === 'object' && type.properties.length > 0) {
    return [comment, `export interface ${name} `, printMembers(type.properties, type.index)];
  }
  const printed = printType(type);
  const head = `export type ${name} =`;
  return [comment, head, type.kind === 'plain' ? group(indent([line, printed])) : [' ', printed], ';'];
}
