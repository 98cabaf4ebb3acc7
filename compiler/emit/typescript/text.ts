/** The only ways in which a text of a manifest gets into generated TypeScript. */

/** Everything that is not plainly visible, and the marks that end a line of code or turn its direction. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Cn}]|(?! )\p{Zs}/gu;

/** A line of a comment that needs no second look: most descriptions by far. */
const PROSE = /^(?!biome|eslint|prettier|tslint|istanbul|[cv]8)[A-Za-z][ !-),-.0-~]*$/i;

/** How a line of a comment begins that a tool obeys. */
const ORDER = /^(?:[@*]|biome-ignore|eslint|prettier-ignore|tslint:|istanbul |[cv]8 )/i;

/** What needs no escape in single quotes: most texts by far. */
const PLAIN = /^[ !"#%&(-[\]-~]*$/;

/** A string literal. In single quotes, unless that takes more escapes than double quotes. */
export function stringLiteral(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const quote = count(text, "'") > count(text, '"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    // `${` is plain text in quotes, and looks like a slip.
    .replaceAll('${', '\\u0024{')
    .replace(HIDDEN, escapeCharacter);
  return quote + escaped + quote;
}

/** A number as the formatter writes it. What JSON can write and a number cannot hold is infinite. */
export function numberLiteral(value: number): string {
  if (Number.isFinite(value)) return String(value).replace('e+', 'e');
  return value < 0 ? 'Number.NEGATIVE_INFINITY' : 'Number.POSITIVE_INFINITY';
}

/** A property's key in a type or an object literal: quoted only where it must be. */
export function propertyKey(name: string): string {
  return isIdentifier(name) || isIndex(name) ? name : stringLiteral(name);
}

/**
 * A property's key in an object literal. `__proto__` would set the prototype there, quoted or not; only a
 * computed key makes it a property.
 */
export function literalKey(name: string): string {
  return name === '__proto__' ? `['__proto__']` : propertyKey(name);
}

/** Whether the formatter takes it for a name that needs no quotes. */
function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) || /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

/** `200`: for TypeScript the keys `200` and `'200'` are two types. */
function isIndex(name: string): boolean {
  return /^(?:0|[1-9][0-9]{0,8})$/.test(name);
}

/**
 * The lines of a comment's text: it cannot end the comment, and no line of it is read as a tag of JSDoc or as an order
 * to a tool.
 */
export function commentLines(text: string): string[] {
  if (PROSE.test(text)) return [text.trim()];
  return text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((row) => row.replace(HIDDEN, ' ').replaceAll('*/', '*\\/').trim())
    .map((row) => (ORDER.test(row) ? `\\${row}` : row));
}

function escapeCharacter(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
