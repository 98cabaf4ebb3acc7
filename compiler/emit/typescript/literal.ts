import { isSchemaObject } from '../../ir/subschemas.ts';
import { choice, group, hardLine, indent, join, type Layout, line, softLine } from './layout.ts';
import { literalKey, numberLiteral, stringLiteral } from './text.ts';

/** A name of generated code in the midst of data: printed as it is, not in quotes. */
export class Name {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A JSON value, which may hold names, as an expression. Members that are undefined are left out. */
export function printLiteral(value: unknown): Layout {
  if (value instanceof Name) return value.text;
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value === 'number') return numberLiteral(value);
  if (Array.isArray(value)) return printList(value);
  return isSchemaObject(value) ? printObject(membersOf(value)) : String(value);
}

function printObject(members: readonly Member[]): Layout {
  if (members.length === 0) return '{}';
  return ['{', indent([hardLine, join(hardLine, members.map((member) => [printMember(member), ',']))]), hardLine, '}'];
}

type Member = readonly [name: string, value: unknown];

function membersOf(value: object): Member[] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

/** A text that is too long for its line goes to the next one, unless its key is so short that it gains nothing. */
function printMember([name, value]: Member): Layout {
  const key = literalKey(name);
  const printed = printLiteral(value);
  const moves = typeof value === 'string' && key.length > 4;
  return moves ? group([key, ':', group(indent([line, printed]))]) : [key, ': ', printed];
}

function printList(items: readonly unknown[]): Layout {
  if (items.length === 0) return '[]';
  const printed = items.map(printLiteral);
  if (items.length > 1 && items.every(isNumber)) {
    // Numbers fill their lines.
    const rest = printed.slice(1).map((item) => group([line, item]));
    return group(['[', indent([softLine, fillOf(printed[0] ?? '', rest)]), choice(','), softLine, ']']);
  }
  const lines = items.length > 1 && (items.every(isLargeList) || items.every(isLargeObject));
  return group(['[', indent([lines ? hardLine : softLine, join([',', line], printed)]), choice(','), softLine, ']']);
}
