import type { DocumentNode, ObjectNode } from '../ir/document.ts';
import type { Located } from '../ir/source.ts';

/** Keys whose members have names of the user's own: what stands below is a schema again, whatever it is called. */
const NAMES = new Set([
  '$defs',
  'definitions',
  'dependentSchemas',
  'patternProperties',
  'properties',
  'response',
  'schemas',
]);

/** Keys whose value is data, in which a `$ref` means nothing. */
const DATA = new Set(['const', 'default', 'enum', 'example', 'examples', 'metadata']);

/**
 * Every `$ref` of a manifest or of a schema file that names a file, in source order: what begins with a dot,
 * a slash or a backslash. Other `$ref`s are the rules' to judge.
 */
export function findFileRefs(root: DocumentNode): readonly Located<string>[] {
  const refs: Located<string>[] = [];
  visit(root, false, refs);
  return refs;
}

function visit(node: DocumentNode, keysAreNames: boolean, refs: Located<string>[]): void {
  if (node.kind === 'array') for (const item of node.items) visit(item, false, refs);
  if (node.kind === 'object') visitMembers(node, keysAreNames, refs);
}

function visitMembers({ members }: ObjectNode, keysAreNames: boolean, refs: Located<string>[]): void {
  for (const [key, { value }] of members) {
    if (keysAreNames) {
      visit(value, false, refs);
    } else if (key === '$ref' && value.kind === 'scalar') {
      if (typeof value.value === 'string' && /^[./\\]/.test(value.value)) {
        refs.push({ value: value.value, span: value.span });
      }
    } else if (!DATA.has(key) && !key.startsWith('x-')) {
      visit(value, NAMES.has(key), refs);
    }
  }
}
