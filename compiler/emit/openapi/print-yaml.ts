/**
 * A JSON value as YAML 1.2, in block style. Every scalar is written so that YAML 1.1 readers agree: what could be taken for
 * another type is in quotes. `yaml` reads the result in the tests; its own printer takes ten times as long, which counts in
 * workspaces with thousands of operations.
 */
export function printYaml(value: unknown): string {
  /** Documents repeat a few words very often; how each is written is found out once. */
  const words = new Map<string, string>();
  const write = (word: string): string => {
    const known = words.get(word);
    if (known !== undefined) return known;
    const written = isPlain(word) ? word : quote(word);
    words.set(word, written);
    return written;
  };
  return `${printNode(value, '', '', write)}\n`;
}

type Write = (word: string) => string;

/**
 * A value with what parts it from the key or dash before it: nothing at the very start, a space, or a line break.
 * @param before that, where a record or a list may begin on the same line
 * @param indent of the lines of a record or list
 */
function printNode(value: unknown, before: string, indent: string, write: Write): string {
  if (typeof value !== 'object' || value === null) return before + printScalar(value, indent, write);
  const lineBreak = `\n${indent}`;
  let text = '';
  let between = before;
  if (Array.isArray(value)) {
    for (const item of value) {
      text += `${between}-${printNode(item, ' ', `${indent}  `, write)}`;
      between = lineBreak;
    }
    return text || `${before}[]`;
  }
  for (const [key, member] of Object.entries(value)) {
    text += between + printMember(write(key), member, indent, write);
    between = lineBreak;
  }
  return text || `${before}{}`;
}

/** An implicit key may be 1024 characters long (YAML 1.2, 7.4.2). */
const LONGEST_KEY = 1000;

function printMember(key: string, member: unknown, indent: string, write: Write): string {
  const inner = `${indent}  `;
  const name = key.length > LONGEST_KEY ? `? ${key}\n${indent}:` : `${key}:`;
  const isBlock = typeof member === 'object' && member !== null && Object.keys(member).length > 0;
  return name + printNode(member, isBlock ? `\n${inner}` : ' ', inner, write);
}

function printScalar(value: unknown, indent: string, write: Write): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return isParagraphs(value) ? `|-\n${value.replace(/^(?=.)/gm, indent)}` : write(value);
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
