import { isSchemaObject } from '../../ir/subschemas.ts';
import { WIDTH } from './layout.ts';
import { literalKey, numberLiteral, stringLiteral } from './text.ts';
import { textWidth } from './text-width.ts';

const NAME: unique symbol = Symbol('name');

/** A name of generated code in the midst of data: printed as it is, not in quotes. */
export type Name = { readonly [NAME]: string };

export function nameOf(text: string): Name {
  return { [NAME]: text };
}

/**
 * A declaration whose value is JSON, which may hold names. Members that are undefined are left out. Printed without
 * a `Layout`, of which long values would need a great many: data breaks in few ways, and stands at the margin.
 *
 * @param head what stands before the value: `export const plugin = `
 * @param tail what stands behind it: ` as const;`
 */
export function printConstant(head: string, value: unknown, tail: string): string {
  return `${head}${printValue(value, '', textWidth(head), textWidth(tail))}${tail}`;
}

/**
 * @param margin the white space with which the line begins
 * @param before the columns that are taken before the value
 * @param after the columns that must be left behind it
 */
function printValue(value: unknown, margin: string, before: number, after: number): string {
  if (typeof value !== 'object' || value === null) return printScalar(value);
  if (isName(value)) return value[NAME];
  const flat = printFlat(value);
  if (flat !== undefined && before + textWidth(flat) + after <= WIDTH) return flat;
  return Array.isArray(value) ? printList(value, margin) : printObject(value, margin);
}

/** On one line, where the formatter would put it there: lists, and objects, of scalars. */
function printFlat(value: object): string | undefined {
  if (Array.isArray(value)) {
    if (value.length > 1 && (value.every(isLongList) || value.every(isLongObject))) return undefined;
    const items = value.map(flatItem);
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  let members = '';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    if (!isScalar(member)) return undefined;
    members += `${members === '' ? ' ' : ', '}${literalKey(name)}: ${printScalar(member)}`;
  }
  return members === '' ? '{}' : `{${members} }`;
}

function flatItem(item: unknown): string | undefined {
  return isScalar(item) ? printScalar(item) : printFlat(Object(item));
}

function printObject(value: object, margin: string): string {
  const inner = `${margin}  `;
  let text = '{\n';
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) text += `${inner}${printMember(name, member, inner)},\n`;
  }
  return `${text}${margin}}`;
}

/** A value of which not even the beginning fits goes to the next line, unless its key is so short that it gains nothing. */
function printMember(name: string, value: unknown, margin: string): string {
  const key = literalKey(name);
  const before = margin.length + textWidth(key) + 2;
  const beside = printValue(value, margin, before, 1);
  // Of an object or a list the bracket is enough.
  const begins = before + (isScalar(value) ? textWidth(beside) + 1 : 1) <= WIDTH;
  if (begins || !mayMove(key, value)) return `${key}: ${beside}`;
  const inner = `${margin}  `;
  return `${key}:\n${inner}${printValue(value, inner, inner.length, 1)}`;
}

/** The formatter leaves numbers and booleans where they are, but for what has a sign. */
function mayMove(key: string, value: unknown): boolean {
  if (typeof value === 'string') return key.length > 4;
  return typeof value === 'number' ? value < 0 : typeof value === 'object';
}

function printList(items: readonly unknown[], margin: string): string {
  const inner = `${margin}  `;
  const printed = items.map((item) => printValue(item, inner, inner.length, 1));
  const numbers = items.length > 1 && items.every((item) => typeof item === 'number');
  const rows = numbers ? filledRows(printed, inner.length) : printed;
  return `[\n${rows.map((row) => `${inner}${row},\n`).join('')}${margin}]`;
}

/** Numbers fill their lines. */
function filledRows(items: readonly string[], margin: number): string[] {
  const rows: string[] = [];
  let row = '';
  for (const item of items) {
    if (row !== '' && margin + row.length + item.length + 3 > WIDTH) {
      rows.push(row);
      row = '';
    }
    row += row === '' ? item : `, ${item}`;
  }
  return [...rows, row];
}

function printScalar(value: unknown): string {
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value === 'number') return numberLiteral(value);
  return isName(value) ? value[NAME] : String(value);
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null || isName(value);
}

function isName(value: unknown): value is Name {
  return typeof value === 'object' && value !== null && NAME in value;
}

/** Several of these never share a line. */
function isLongList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 1;
}

function isLongObject(value: unknown): boolean {
  return isSchemaObject(value) && !isName(value) && countMembers(value) > 1;
}

function countMembers(value: object): number {
  return Object.values(value).filter((member) => member !== undefined).length;
}
