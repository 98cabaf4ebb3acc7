import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Located, SourceFile, Span } from '../ir/source.ts';
import { type JsonTokens, Token } from './json-tokens.ts';
import {
  duplicateKey,
  emptyFile,
  jsonComment,
  malformedJson,
  nestedTooDeep,
  tooManyEntries,
  trailingComma,
} from './kinds.ts';
import { DEEPEST_NESTING, MOST_ENTRIES } from './limits.ts';
import { malformedToken } from './malformed-token.ts';

/** An object or a list that is being read. */
export interface Owner {
  readonly what: 'object' | 'list';
  readonly open: Span;
}

/** The current token cannot stand where it does. */
export function unexpectedToken(tokens: JsonTokens, expected: string, owner: Owner | undefined): Diagnostic {
  if (tokens.is(Token.Unknown) || tokens.error !== 0)
    return diagnostic(malformedJson, malformedToken(tokens));
  const comma = expected.startsWith('a comma') && tokens.is(Token.String);
  return diagnostic(malformedJson, {
    at: tokens.span,
    message: comma
      ? `a comma is missing before ${shown(tokens)}`
      : `expected ${expected}, found ${shown(tokens)}`,
    label: comma ? 'expected a comma before this' : `expected ${expected}`,
    ...(owner && { related: [{ at: owner.open, label: `in the ${owner.what} that begins here` }] }),
    ...(comma && { help: 'put a comma behind the value before it' }),
  });
}

/** The file ends where more must follow. */
export function truncated(end: Span, owner: Owner | undefined): Diagnostic {
  const bracket = owner?.what === 'list' ? '"]"' : '"}"';
  return diagnostic(malformedJson, {
    at: end,
    message: owner ? `the file ends before its ${owner.what} is closed` : 'the file ends too early',
    label: 'the file ends here',
    ...(owner && {
      related: [{ at: owner.open, label: `this ${owner.what} is never closed` }],
      help: `close it with ${bracket}; if the file was cut off, restore the rest`,
    }),
  });
}

export function surplus(tokens: JsonTokens, value: Span): Diagnostic {
  return diagnostic(malformedJson, {
    at: tokens.span,
    message: `${shown(tokens)} stands after the end of the JSON value`,
    label: 'nothing may follow here',
    related: [{ at: { ...value, start: value.end - 1 }, label: 'the value ends here' }],
    help: 'remove what follows, or a closing bracket too many before it',
  });
}

export function duplicate(first: Located<string>, again: Located<string>): Diagnostic {
  return diagnostic(duplicateKey, {
    at: again.span,
    message: `the key ${quote(first.value)} stands twice in one object`,
    label: 'here again',
    related: [{ at: first.span, label: 'first here' }],
    help: 'remove one of the two',
  });
}

export function trailing(comma: Span, owner: Owner['what']): Diagnostic {
  return diagnostic(trailingComma, {
    at: comma,
    message: `JSON allows no comma before ${owner === 'object' ? '"}"' : '"]"'}`,
    label: 'nothing follows it',
    help: 'remove the comma',
  });
}

export function tooDeep(open: Span): Diagnostic {
  return diagnostic(nestedTooDeep, {
    at: open,
    message: `objects and lists stand more than ${DEEPEST_NESTING} deep in one another`,
    label: `level ${DEEPEST_NESTING + 1} begins here`,
    help: 'give the inner part a name of its own, under "schemas"',
  });
}

export function tooMany(at: Span, owner: Owner['what']): Diagnostic {
  return diagnostic(tooManyEntries, {
    at,
    message: `${owner === 'object' ? 'an object' : 'a list'} has more than ${MOST_ENTRIES} entries`,
    label: `entry ${MOST_ENTRIES + 1}`,
    help: 'move the data out of this file, or split the plugin',
  });
}

export function empty(file: SourceFile, comments: boolean): Diagnostic {
  return diagnostic(emptyFile, {
    at: { file, start: 0, end: 0 },
    message: comments ? 'the file holds nothing but comments' : 'the file is empty',
    help: 'write a JSON object: { "id": "plugin-name", … }',
  });
}

/** Many comments are one habit: one finding. */
export function comments([first, ...more]: readonly Span[]): readonly Diagnostic[] {
  if (first === undefined) return [];
  const finding = diagnostic(jsonComment, {
    at: first,
    message: 'JSON has no comments',
    label: 'not allowed',
    ...(more.length > 0 && {
      notes: [`${more.length} more ${more.length === 1 ? 'follows' : 'follow'} in this file`],
    }),
    help: 'remove it, or say it in a "description" or in a key that begins with "x-"',
  });
  return [finding];
}

export function openComment(comment: Span): Diagnostic {
  return diagnostic(malformedJson, {
    at: { ...comment, end: comment.start + 2 },
    message: 'a comment is opened and never closed',
    help: 'remove it: JSON has no comments',
  });
}

function shown(tokens: JsonTokens): string {
  return quote(tokens.is(Token.String) ? tokens.value : tokens.raw);
}
