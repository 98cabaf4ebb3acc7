import { choice, group, indent, join, type Layout, line } from './layout.ts';
import { stringLiteral } from './text.ts';

/** A name in braces, as `type Contact` or `crmContacts`. */
export interface ImportedName {
  readonly name: string;
  readonly typeOnly: boolean;
}

/** `import { … } from '…';`, its names in the formatter's order. */
export function importNames(names: readonly ImportedName[], from: string): Layout {
  const types = names.every(({ typeOnly }) => typeOnly);
  const listed = [...names]
    .sort((a, b) => compareImports(a.name, b.name))
    .map(({ name, typeOnly }) => (typeOnly && !types ? `type ${name}` : name));
  return [types ? 'import type ' : 'import ', braces(listed), ' from ', stringLiteral(from), ';'];
}

/** `import type { … } from '…';`, its names in the formatter's order. */
export function importTypes(names: readonly string[], from: string): Layout {
  return importNames(
    names.map((name) => ({ name, typeOnly: true })),
    from,
  );
}

/** `export type { … } from '…';`, its names in the formatter's order. */
export function exportTypes(names: readonly string[], from: string): Layout {
  return ['export type ', braces([...names].sort(compareImports)), ' from ', stringLiteral(from), ';'];
}

/**
 * The order in which the formatter wants names and paths in imports: letter by letter, a capital before its small
 * letter, digits before letters, more digits after fewer.
 */
export function compareImports(a: string, b: string): number {
  const left = a.match(PIECES) ?? [];
  const right = b.match(PIECES) ?? [];
  for (let index = 0; index < left.length || index < right.length; index += 1) {
    const order = comparePieces(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

const PIECES = /[0-9]+|./g;

function comparePieces(a: string, b: string): number {
  return (
    rankOf(a) - rankOf(b) ||
    a.length - b.length ||
    compareText(a.toLowerCase(), b.toLowerCase()) ||
    compareText(a, b)
  );
}

function rankOf(piece: string): number {
  if (piece === '') return 0;
  if (piece === '.') return 1;
  if (piece === '-') return 2;
  if (/^[0-9]/.test(piece)) return 4;
  return /[A-Za-z]/.test(piece) ? 5 : 3;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function braces(names: readonly string[]): Layout {
  return group(['{', indent([line, join([',', line], names)]), choice(','), line, '}']);
}
