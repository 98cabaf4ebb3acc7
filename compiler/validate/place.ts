import { type DocumentNode, keySpanAt, nodeAt, type Path, spanAt } from '../ir/document.ts';
import type { Span } from '../ir/source.ts';

/** Where in a document a violation is. */
export interface Place {
  readonly root: DocumentNode;
  readonly path: Path;
  readonly node: DocumentNode | undefined;
  readonly span: Span;
}

/** The place that a JSON pointer (RFC 6901) leads to. */
export function placeAt(root: DocumentNode, pointer: string): Place {
  const path: (string | number)[] = [];
  let node: DocumentNode | undefined = root;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(node?.kind === 'array' ? Number(key) : key);
    node = node === undefined ? undefined : nodeAt(node, [key]);
  }
  return { root, path, node, span: spanAt(root, path) };
}

/** The place as its user would write it: `backend.endpoints[0].path`. `document` names the whole. */
export function placeName({ path }: Place, document: string): string {
  let name = '';
  for (const step of path) {
    if (typeof step === 'number') name += `[${step}]`;
    else if (/^[\w$-]+$/.test(step)) name += name === '' ? step : `.${step}`;
    else name += `[${JSON.stringify(step)}]`;
  }
  return name === '' ? document : name;
}

/** Where an object begins, for what it lacks: the key that it belongs to, or else its first character. */
export function ownerSpan({ root, path, span }: Place): Span {
  if (typeof path.at(-1) === 'string') return keySpanAt(root, path);
  return { file: span.file, start: span.start, end: Math.min(span.start + 1, span.end) };
}

/** What to mark of a value: a scalar itself; of anything longer, or of nothing at all, where it begins. */
export function valueSpan(place: Place): Span {
  const { node, span } = place;
  return node?.kind === 'scalar' && span.end > span.start ? span : ownerSpan(place);
}
