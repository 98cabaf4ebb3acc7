/**
 * A JSON value as YAML 1.2, in block style. Every scalar is written so that YAML 1.1 readers agree: what could be taken for
 * another type is in quotes. `yaml` reads the result in the tests; its own printer takes ten times as long, which counts in
 * workspaces with thousands of operations.
 */
export function printYaml(value: unknown): string {
  const out: string[] = [];
  printBlock(value, '', out);
  return `${out.join('')}\n`.replace(/^\n/, '');
}

/** Prints what follows `key:` or `-`, or a whole document. Begins with the line break or space that it needs. */
function printBlock(value: unknown, indent: string, out: string[]): void {
  if (Array.isArray(value) && value.length > 0) {
    for (const item of value) {
      out.push('\n', indent, '-');
      printItem(item, `${indent}  `, out);
    }
  } else if (isRecord(value) && Object.keys(value).length > 0) {
    for (const [key, member] of Object.entries(value)) {
      out.push('\n', indent);
      printMember(key, member, indent, out);
    }
  } else {
    out.push(indent === '' ? '' : ' ', printScalar(value, indent));
  }
}

/** The first key of a record stands behind the dash, the others below it. */
function printItem(item: unknown, indent: string, out: string[]): void {
  if (!isRecord(item)) {
    printBlock(item, indent, out);
    return;
  }
  const start = out.length;
  printBlock(item, indent, out);
  // The record began with a line break and its indentation.
  if (out[start] === '\n') {
    out[start] = ' ';
    out[start + 1] = '';
  }
}

/** An implicit key may be 1024 characters long (YAML 1.2, 7.4.2); quotes and escapes count. */
const LONGEST_KEY = 1000;

function printMember(key: string, value: unknown, indent: string, out: string[]): void {
  const name = isPlain(key) ? key : quote(key);
  if (name.length > LONGEST_KEY) out.push('? ', name, '\n', indent, ':');
  else out.push(name, ':');
  printBlock(value, `${indent}  `, out);
}

function printScalar(value: unknown, indent: string): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (isPlain(value)) return value;
  return isParagraphs(value) ? `|-\n${value.replace(/^(?=.)/gm, indent)}` : quote(value);
}

const PLAIN = /^[A-Za-z/$](?:[A-Za-z0-9 _.,;()/{}$'"+-]|:(?! |$))*$/;
/** Words of YAML 1.1 and 1.2 for other types. */
const WORDS = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

function isPlain(text: string): boolean {
  return text.length > 0 && PLAIN.test(text) && !text.endsWith(' ') && !WORDS.test(text);
}

/** Text of several lines, all printable, that a literal block holds without loss. */
function isParagraphs(text: string): boolean {
  return (
    text.includes('\n') &&
    /^[\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd]*$/.test(text) &&
    !/^[ \n]|\n$|\n +(?:\n|$)/.test(text)
  );
}

/** YAML's double quotes take what JSON's do, but for characters that YAML does not print. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
