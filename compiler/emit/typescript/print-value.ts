import { choice, group, hardLine, indent, join, type Layout, line, softLine } from './layout.ts';
import { literalKey, numberLiteral, stringLiteral } from './text.ts';

/** The literal of a JSON value. A member that is `undefined` is left out. */
export function printValue(value: unknown): Layout {
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value === 'number') return numberLiteral(value);
  if (Array.isArray(value)) return printArray(value.map(printValue));
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return printObjectLiteral(members.map(([name, member]) => [literalKey(name), printValue(member)]));
}

/** An object literal of keys and values that are code already, one member a line. */
export function printObjectLiteral(members: readonly (readonly [key: string, value: Layout])[]): Layout {
  if (members.length === 0) return '{}';
  const rows = members.map(([key, value]): Layout => [key, ': ', value, ',']);
  return ['{', indent([hardLine, join(hardLine, rows)]), hardLine, '}'];
}

function printArray(items: readonly Layout[]): Layout {
  if (items.length === 0) return '[]';
  return group(['[', indent([softLine, join([',', line], items)]), choice(','), softLine, ']']);
}
