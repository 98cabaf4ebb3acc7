import type { Finding } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Span } from '../ir/source.ts';
import { type JsonTokens, ScanError, Token } from './json-tokens.ts';

const ESCAPE = /\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|u[0-9a-fA-F]{0,3}|.|$)/gs;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f]/;

/** Says what is wrong inside a single token: a string, a number, or a word that JSON does not have. */
export function malformedToken(tokens: JsonTokens): Finding {
  if (tokens.kind === Token.String) return malformedString(tokens);
  if (tokens.kind === Token.Number) {
    return {
      at: tokens.span,
      message:
        tokens.error === ScanError.None
          ? `the number ${quote(tokens.raw)} is too large`
          : `the number ${quote(tokens.raw)} is not finished`,
      help: 'write it as 10, 0.5 or 1e3',
    };
  }
  return malformedWord(tokens);
}

function malformedString(tokens: JsonTokens): Finding {
  const { raw, span } = tokens;
  if (tokens.error === ScanError.UnclosedString) {
    return {
      at: span,
      message: 'a string is not closed on its line',
      label: 'begins here',
      help: 'close it with a double quote; a line break inside a string is written \\n',
    };
  }
  const control = CONTROL.exec(raw);
  if (control !== null) {
    return {
      at: part(span, control.index, 1),
      message: 'a control character stands inside a string',
      help: control[0] === '\t' ? 'write a tab as \\t' : 'write it as \\u and four hexadecimal digits',
    };
  }
  for (const match of raw.matchAll(ESCAPE)) {
    if (match[1] !== undefined) continue;
    return {
      at: part(span, match.index, match[0].length),
      message: `${quote(match[0])} is not an escape that JSON knows`,
      help: 'write a backslash as \\\\; JSON knows \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits',
    };
  }
  return {
    at: span,
    message: 'a string holds half of a surrogate pair, which is no character',
    help: 'write the character itself, or both halves of the pair',
  };
}

function malformedWord(tokens: JsonTokens): Finding {
  const { raw, span } = tokens;
  if (/^(<{7}|={7}|>{7})/.test(raw)) {
    return {
      at: span,
      message: 'a merge conflict is not resolved',
      help: 'choose one side and remove the markers',
    };
  }
  if (raw === '\u00a0' || /^\s+$/u.test(raw)) {
    return {
      at: span,
      message: 'an unusual kind of space stands here',
      help: 'replace it with a plain space',
    };
  }
  if (/^'.*'$/.test(raw)) {
    return { at: span, message: `${raw} is in single quotes`, help: `write ${quote(raw.slice(1, -1))}` };
  }
  const meant = WORDS.get(raw.toLowerCase()) ?? nearest(raw, ['true', 'false', 'null']);
  if (meant !== undefined) {
    return { at: span, message: `${quote(raw)} is not a JSON value`, help: `write ${meant}` };
  }
  if (/^[A-Za-z_$][\w$.-]*$/.test(raw)) {
    return {
      at: span,
      message: `${raw} needs double quotes`,
      label: 'no quotes',
      help: `write ${quote(raw)}`,
    };
  }
  return { at: span, message: `${quote(raw)} is not JSON`, help: 'strings and keys need double quotes' };
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['false', 'false'],
  ['null', 'null'],
  ['yes', 'true'],
  ['no', 'false'],
  ['none', 'null'],
  ['nil', 'null'],
  ['undefined', 'null, or remove the key'],
  ['nan', 'a number, or null'],
  ['infinity', 'a number, or null'],
]);

function part(span: Span, offset: number, length: number): Span {
  return { file: span.file, start: span.start + offset, end: span.start + offset + length };
}
