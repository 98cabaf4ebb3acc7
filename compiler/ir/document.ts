import type { Located, Span } from './source.ts';

/** A parsed JSON or YAML value, every part of which knows its place in the source. */
export type DocumentNode = ObjectNode | ArrayNode | ScalarNode;

export interface ObjectNode {
  readonly kind: 'object';
  readonly span: Span;
  /** By key, in source order; of a duplicate key the first. */
  readonly members: ReadonlyMap<string, Member>;
}

export interface Member {
  readonly key: Located<string>;
  readonly value: DocumentNode;
}

export interface ArrayNode {
  readonly kind: 'array';
  readonly span: Span;
  readonly items: readonly DocumentNode[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: string | number | boolean | null;
}

/** The steps from a document's root to one of its nodes: keys and indexes. */
export type Path = readonly (string | number)[];

/** The node at a path, or undefined where the document has none. */
export function nodeAt(root: DocumentNode, path: Path): DocumentNode | undefined {
  let node: DocumentNode | undefined = root;
  for (const step of path) {
    if (node?.kind === 'object') node = node.members.get(String(step))?.value;
    else if (node?.kind === 'array') node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}

/** The span of the node at a path, or of its nearest ancestor that exists. */
export function spanAt(root: DocumentNode, path: Path): Span {
  for (let length = path.length; length > 0; length -= 1) {
    const node = nodeAt(root, path.slice(0, length));
    if (node !== undefined) return node.span;
  }
  return root.span;
}

/** The span of the key that leads to the node at a path; of the node where it is no member. */
export function keySpanAt(root: DocumentNode, path: Path): Span {
  const parent = nodeAt(root, path.slice(0, -1));
  const key = parent?.kind === 'object' ? parent.members.get(String(path.at(-1)))?.key : undefined;
  return key?.span ?? spanAt(root, path);
}

/** The plain value of a node. Every key becomes an own property, `__proto__` too. */
export function toValue(node: DocumentNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(toValue);
  const value: Record<string, unknown> = {};
  for (const [key, member] of node.members) {
    Object.defineProperty(value, key, {
      value: toValue(member.value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return value;
}

/** A value and the place of the node at a path, or of its nearest ancestor that exists. */
export function locatedAt<T>(root: DocumentNode, path: Path, value: T): Located<T> {
  return { value, span: spanAt(root, path) };
}

/** The object at a path; the root itself where something else stands there. */
export function objectAt(root: ObjectNode, path: Path): ObjectNode {
  const node = nodeAt(root, path);
  return node?.kind === 'object' ? node : root;
}
