import { isSchemaObject } from '../../ir/subschemas.ts';
import { choice, group, hardLine, indent, join, type Layout, line, softLine } from './layout.ts';
import { literalKey, numberLiteral, stringLiteral } from './text.ts';

const NAME: unique symbol = Symbol('name');

/** A name of generated code in the midst of data: printed as it is, not in quotes. */
export type Name = { readonly [NAME]: string };

export function nameOf(text: string): Name {
  return { [NAME]: text };
}

/** A JSON value, which may hold names, as an expression. Members that are undefined are left out. */
export function printLiteral(value: unknown): Layout {
  if (isName(value)) return value[NAME];
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value === 'number') return numberLiteral(value);
  if (Array.isArray(value)) return printList(value);
  return isSchemaObject(value) ? printObject(value) : String(value);
}

/** Objects of scalars stay on a line where they fit; all others have a line for each member. */
function printObject(value: object): Layout {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return '{}';
  const printed = join([',', line], members.map(printMember));
  const flat = members.every(([, member]) => isScalar(member));
  return group(['{', indent([flat ? line : hardLine, printed]), choice(','), line, '}']);
}

/** A text that is too long for its line goes to the next one, unless its key is so short that it gains nothing. */
function printMember([name, value]: readonly [string, unknown]): Layout {
  const key = literalKey(name);
  const printed = printLiteral(value);
  const moves = typeof value === 'string' && key.length > 4;
  return moves ? group([key, ':', group(indent([line, printed]))]) : [key, ': ', printed];
}

/** The formatter never puts several lists or objects of more than one member on a line, and fills lines with numbers. */
function printList(items: readonly unknown[]): Layout {
  if (items.length === 0) return '[]';
  const printed = items.map(printLiteral);
  if (items.length > 1 && items.every((item) => typeof item === 'number')) {
    const filled = printed.map((item, index) => (index === 0 ? item : [',', group([line, item])]));
    return group(['[', indent([softLine, filled]), choice(','), softLine, ']']);
  }
  const lines = items.length > 1 && (items.every(isLongList) || items.every(isLongObject));
  return group([
    '[',
    indent([lines ? hardLine : softLine, join([',', line], printed)]),
    choice(','),
    softLine,
    ']',
  ]);
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null || isName(value);
}

function isLongList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 1;
}

function isLongObject(value: unknown): boolean {
  return (
    isSchemaObject(value) &&
    !isName(value) &&
    Object.values(value).filter((member) => member !== undefined).length > 1
  );
}

function isName(value: unknown): value is Name {
  return typeof value === 'object' && value !== null && NAME in value;
}
