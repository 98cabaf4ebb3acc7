import { type Documentation, docComment } from './comment.ts';
import { indent, type Layout } from './layout.ts';
import { printMembers, printType } from './print-type.ts';
import type { TypeNode } from './type-node.ts';

/** An exported type: an interface for an object, an alias for everything else. */
export function printTypeDeclaration(name: string, type: TypeNode, documentation: Documentation): Layout {
  const comment = docComment(documentation);
  if (type.kind === 'object' && type.properties.length > 0) {
    return [comment, `export interface ${name} `, printMembers(type.properties, type.index)];
  }
  const isEmpty = type.kind === 'object' && type.index === undefined;
  const body = isEmpty ? 'Record<string, never>' : printType(type);
  return [comment, `export type ${name} =`, type.kind === 'union' ? [' ', body] : indent([' ', body]), ';'];
}
