import type { DocumentNode, ScalarNode } from '../ir/document.ts';

/** The words for a kind of document. */
export interface Vocabulary {
  /** The document as a whole. */
  readonly document: string;
  readonly object: string;
  readonly array: string;
}

export const MANIFEST_WORDS: Vocabulary = { document: 'the manifest', object: 'an object', array: 'a list' };
export const WORKSPACE_WORDS: Vocabulary = { document: 'plexica.yaml', object: 'a map', array: 'a list' };

/** JSON Schema's name of a type in plain words. */
export function typeWord(type: string, words: Vocabulary): string {
  switch (type) {
    case 'string':
      return 'a string';
    case 'number':
      return 'a number';
    case 'integer':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return words.array;
    case 'object':
      return words.object;
    default:
      return type;
  }
}

/** What a node is, in plain words. */
export function nodeWord(node: DocumentNode, words: Vocabulary): string {
  if (node.kind !== 'scalar') return words[node.kind];
  if (node.value === null) return 'null';
  if (typeof node.value === 'string') return node.value === '' ? 'an empty string' : 'a string';
  return typeof node.value === 'number' ? `the number ${writtenValue(node)}` : String(node.value);
}

/** A number, `true` or `false` as the user wrote it: `1.0`. What a variable gave is shown as its value. */
export function writtenValue({ value, span }: ScalarNode): string {
  const written = span.file.text.slice(span.start, span.end);
  return Number(written) === value ? written : String(value);
}

/** `"a"`, `"a" or "b"`, `"a", "b" or "c"`. */
export function listWords(words: readonly string[], conjunction: 'or' | 'and' = 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}
