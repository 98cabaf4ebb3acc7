import { type Environment, interpolate, scalarOf } from '@plexica/types';
import type { DocumentNode, Member } from '../ir/document.ts';

export interface InterpolatedDocument {
  readonly root: DocumentNode;
  /** Scalars that keep a marker, because a variable has neither value nor default. */
  readonly unresolved: readonly Unresolved[];
}

export interface Unresolved {
  /** The scalar's place, as a JSON pointer (RFC 6901). */
  readonly pointer: string;
  readonly node: DocumentNode;
  /** The variables' names. */
  readonly names: readonly string[];
}

/** Puts the environment's variables into the strings of a document. Keys stay as they are. */
export function interpolateDocument(root: DocumentNode, environment: Environment): InterpolatedDocument {
  const unresolved: Unresolved[] = [];
  const visit = (node: DocumentNode, pointer: string): DocumentNode => {
    if (node.kind === 'array') {
      return { ...node, items: node.items.map((item, index) => visit(item, `${pointer}/${index}`)) };
    }
    if (node.kind === 'object') {
      const members = new Map<string, Member>();
      for (const [key, member] of node.members) {
        const step = key.replaceAll('~', '~0').replaceAll('/', '~1');
        members.set(key, { key: member.key, value: visit(member.value, `${pointer}/${step}`) });
      }
      return { ...node, members };
    }
    if (typeof node.value !== 'string') return node;
    const { text, missing } = interpolate(node.value, environment);
    if (missing.length > 0) unresolved.push({ pointer, node, names: missing });
    return text === node.value ? node : { ...node, value: scalarOf(text) };
  };
  return { root: visit(root, ''), unresolved };
}
