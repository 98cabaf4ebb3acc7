import type { DocumentNode, Member, ObjectNode } from './document.ts';
import { schemaKeyword } from './subschemas.ts';

/** A schema directly inside another one, with the keyword that holds it. */
export interface InnerSchema {
  readonly member: Member;
  readonly node: DocumentNode;
}

/** What stands where JSON Schema has schemas, directly inside one. Data (`enum`, `examples`) is not looked into. */
export function innerSchemas({ members }: ObjectNode): InnerSchema[] {
  const found: InnerSchema[] = [];
  for (const member of members.values()) {
    const kind = schemaKeyword(member.key.value);
    if (kind === undefined) continue;
    const { value } = member;
    if (kind === 'schema') found.push({ member, node: value });
    if (kind === 'list' && value.kind === 'array')
      for (const node of value.items) found.push({ member, node });
    if (kind === 'record' && value.kind === 'object') {
      for (const inner of value.members.values()) found.push({ member, node: inner.value });
    }
  }
  return found;
}

/** A schema and all schemas inside it, as far as they are objects. */
export function schemaNodes(node: DocumentNode): ObjectNode[] {
  const nodes = node.kind === 'object' ? [node] : [];
  // The list grows while it is walked.
  for (const outer of nodes) {
    for (const inner of innerSchemas(outer)) if (inner.node.kind === 'object') nodes.push(inner.node);
  }
  return nodes;
}
