/**
 * A JSON value as YAML 1.2, in block style. Every scalar is written so that YAML 1.1 readers agree: what could be taken for
 * another type is in quotes. `yaml` reads the result in the tests; its own printer takes ten times as long, which counts in
 * workspaces with thousands of operations.
 */
export function printYaml(value: unknown): string {
  let text = '';
  /** Documents repeat a few words very often; how each is written is found out once. */
  const words = new Map<string, string>();
  const lineBreaks: string[] = [];

  const writeWord = (word: string): string => {
    const known = words.get(word);
    if (known !== undefined) return known;
    const written = isPlain(word) ? word : quote(word);
    words.set(word, written);
    return written;
  };

  const lineBreak = (depth: number): string => {
    lineBreaks[depth] ??= `\n${'  '.repeat(depth)}`;
    return lineBreaks[depth];
  };

  /** A value behind a key starts on a new line if it has parts; one at the start, or behind a dash, starts at once. */
  const print = (node: unknown, depth: number, isBehindKey: boolean): void => {
    if (Array.isArray(node) && node.length > 0) printList(node, depth, isBehindKey);
    else if (isRecord(node) && hasMembers(node)) printRecord(node, depth, isBehindKey);
    else {
      if (isBehindKey) text += ' ';
      if (typeof node !== 'string') text += JSON.stringify(node);
      // A literal block is indented even at the document's start.
      else text += isParagraphs(node) ? literalBlock(node, lineBreak(depth || 1)) : writeWord(node);
    }
  };

  const printList = (items: readonly unknown[], depth: number, isBehindKey: boolean): void => {
    let isNewLine = isBehindKey;
    for (const item of items) {
      if (isNewLine) text += lineBreak(depth);
      isNewLine = true;
      text += '- ';
      print(item, depth + 1, false);
    }
  };

  const printRecord = (
    record: Readonly<Record<string, unknown>>,
    depth: number,
    isBehindKey: boolean,
  ): void => {
    let isNewLine = isBehindKey;
    for (const key of Object.keys(record)) {
      if (isNewLine) text += lineBreak(depth);
      isNewLine = true;
      const name = writeWord(key);
      text += name.length > LONGEST_KEY ? `? ${name}${lineBreak(depth)}` : name;
      text += ':';
      print(record[key], depth + 1, true);
    }
  };

  print(value, 0, false);
  return `${text}\n`;
}

/** An implicit key may be 1024 characters long (YAML 1.2, 7.4.2). */
const LONGEST_KEY = 1000;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasMembers(record: Readonly<Record<string, unknown>>): boolean {
  for (const _ in record) return true;
  return false;
}

function literalBlock(text: string, lineBreak: string): string {
  const lines = text.split('\n').map((line) => (line === '' ? '\n' : lineBreak + line));
  return `|-${lines.join('')}`;
}

const PLAIN = /^[A-Za-z/$](?:[A-Za-z0-9 _.,;()/{}$'"+-]|:(?! |$))*$/;
/** Words of YAML 1.1 and 1.2 for other types. */
const OTHER_TYPES = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !text.endsWith(' ') && !OTHER_TYPES.test(text);
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
