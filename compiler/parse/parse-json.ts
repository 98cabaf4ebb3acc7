import { type Diagnostic, diagnostic, type Outcome } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/quote.ts';
import type { DocumentNode, Member } from '../ir/document.ts';
import type { Located, SourceFile, Span } from '../ir/source.ts';
import { JsonTokens, Token } from './json-tokens.ts';
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

/**
 * Reads a JSON text; every part of the result knows its place. The first error that leaves the rest in
 * doubt ends the reading, so that one mistake gives one finding; comments, trailing commas and duplicate
 * keys are told and stepped over.
 */
export function parseJson(file: SourceFile): Outcome<DocumentNode | undefined> {
  return new JsonReader(file).read();
}

/** An object or a list that is being read. */
interface Owner {
  readonly what: 'object' | 'list';
  readonly open: Span;
}

class JsonReader {
  readonly #file: SourceFile;
  readonly #tokens: JsonTokens;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #owners: Owner[] = [];

  constructor(file: SourceFile) {
    this.#file = file;
    this.#tokens = new JsonTokens(file);
  }

  read(): Outcome<DocumentNode | undefined> {
    const value = this.#document();
    this.#reportComments();
    return { value, diagnostics: this.#diagnostics };
  }

  #document(): DocumentNode | undefined {
    const tokens = this.#tokens;
    if (tokens.is(Token.End)) {
      if (!tokens.commentOpen) this.#reportEmpty();
      return undefined;
    }
    const value = this.#value();
    if (value === undefined || tokens.is(Token.End)) return value;
    return this.#fail({
      at: tokens.span,
      message: `${this.#found()} stands after the end of the JSON value`,
      label: 'nothing may follow here',
      related: [{ at: { ...value.span, start: value.span.end - 1 }, label: 'the value ends here' }],
      help: 'remove what follows, or a closing bracket too many before it',
    });
  }

  #value(): DocumentNode | undefined {
    const tokens = this.#tokens;
    const { span } = tokens;
    switch (tokens.kind) {
      case Token.OpenBrace:
        return this.#nested({ what: 'object', open: span }, () => this.#object(span));
      case Token.OpenBracket:
        return this.#nested({ what: 'list', open: span }, () => this.#array(span));
      case Token.String: {
        const text = this.#string();
        return text && { kind: 'scalar', span: text.span, value: text.value };
      }
      case Token.Number: {
        const value = Number(tokens.value);
        if (tokens.error !== 0 || !Number.isFinite(value)) return this.#fail(malformedToken(tokens));
        return this.#scalar(value);
      }
      case Token.True:
        return this.#scalar(true);
      case Token.False:
        return this.#scalar(false);
      case Token.Null:
        return this.#scalar(null);
      default:
        return this.#failAtToken('a value');
    }
  }

  #scalar(value: number | boolean | null): DocumentNode {
    const { span } = this.#tokens;
    this.#tokens.advance();
    return { kind: 'scalar', span, value };
  }

  #string(): Located<string> | undefined {
    const tokens = this.#tokens;
    const { span, value } = tokens;
    if (tokens.error !== 0 || !value.isWellFormed()) return this.#fail(malformedToken(tokens));
    tokens.advance();
    return { value, span };
  }

  /** Bounds the depth before it recurses. */
  #nested(owner: Owner, read: () => DocumentNode | undefined): DocumentNode | undefined {
    if (this.#owners.length === DEEPEST_NESTING) {
      this.#diagnostics.push(
        diagnostic(nestedTooDeep, {
          at: owner.open,
          message: `objects and lists stand more than ${DEEPEST_NESTING} deep in one another`,
          label: `level ${DEEPEST_NESTING + 1} begins here`,
          help: 'give the inner part a name of its own, under "schemas"',
        }),
      );
      return undefined;
    }
    this.#owners.push(owner);
    this.#tokens.advance();
    const value = read();
    this.#owners.pop();
    return value;
  }

  #object(open: Span): DocumentNode | undefined {
    const tokens = this.#tokens;
    const members = new Map<string, Member>();
    while (!tokens.is(Token.CloseBrace)) {
      if (!tokens.is(Token.String)) return this.#failAtToken('a key in double quotes');
      const key = this.#string();
      if (key === undefined) return undefined;
      if (!tokens.is(Token.Colon)) return this.#failAtToken(`a colon after the key ${quote(key.value)}`);
      tokens.advance();
      const value = this.#value();
      if (value === undefined) return undefined;
      const first = members.get(key.value);
      if (first === undefined) members.set(key.value, { key, value });
      else this.#diagnostics.push(duplicate(first.key, key));
      if (members.size > MOST_ENTRIES) return this.#failWithMany(key.span, 'object');
      if (!this.#next(Token.CloseBrace)) return undefined;
    }
    return { kind: 'object', span: this.#close(open), members };
  }

  #array(open: Span): DocumentNode | undefined {
    const items: DocumentNode[] = [];
    while (!this.#tokens.is(Token.CloseBracket)) {
      const item = this.#value();
      if (item === undefined) return undefined;
      items.push(item);
      if (items.length > MOST_ENTRIES) return this.#failWithMany(item.span, 'list');
      if (!this.#next(Token.CloseBracket)) return undefined;
    }
    return { kind: 'array', span: this.#close(open), items };
  }

  /** Steps over the comma between two parts. False where what follows is neither a comma nor the end. */
  #next(close: number): boolean {
    const tokens = this.#tokens;
    if (tokens.is(close)) return true;
    if (!tokens.is(Token.Comma)) {
      this.#failAtToken(`a comma or ${close === Token.CloseBrace ? '"}"' : '"]"'}`);
      return false;
    }
    const comma = tokens.span;
    tokens.advance();
    if (tokens.is(close)) this.#diagnostics.push(trailing(comma, close === Token.CloseBrace));
    return true;
  }

  #failWithMany(at: Span, what: Owner['what']): undefined {
    this.#diagnostics.push(
      diagnostic(tooManyEntries, {
        at,
        message: `${what === 'object' ? 'an object' : 'a list'} has more than ${MOST_ENTRIES} entries`,
        label: `entry ${MOST_ENTRIES + 1}`,
        help: 'move the data out of this file, or split the plugin',
      }),
    );
    return undefined;
  }

  #close(open: Span): Span {
    const { end } = this.#tokens;
    this.#tokens.advance();
    return { file: this.#file, start: open.start, end };
  }

  /** Says what was expected in place of the current token. */
  #failAtToken(expected: string): undefined {
    const tokens = this.#tokens;
    const owner = this.#owners.at(-1);
    if (tokens.commentOpen) return undefined;
    if (tokens.is(Token.End)) return this.#failAtEnd(owner);
    const wrong = tokens.is(Token.Unknown) || tokens.error !== 0 ? malformedToken(tokens) : undefined;
    if (wrong !== undefined) return this.#fail(wrong);
    const comma = expected.startsWith('a comma') && tokens.is(Token.String);
    return this.#fail({
      at: tokens.span,
      message: comma
        ? `a comma is missing before ${this.#found()}`
        : `expected ${expected}, found ${this.#found()}`,
      label: comma ? 'expected a comma before this' : `expected ${expected}`,
      ...(owner && { related: [{ at: owner.open, label: `in the ${owner.what} that begins here` }] }),
      ...(comma && { help: 'put a comma behind the value before it' }),
    });
  }

  #failAtEnd(owner: Owner | undefined): undefined {
    const at = { file: this.#file, start: this.#tokens.previousEnd, end: this.#tokens.previousEnd };
    const bracket = owner?.what === 'list' ? '"]"' : '"}"';
    return this.#fail({
      at,
      message: owner ? `the file ends before its ${owner.what} is closed` : 'the file ends too early',
      label: 'the file ends here',
      ...(owner && {
        related: [{ at: owner.open, label: `this ${owner.what} is never closed` }],
        help: `close it with ${bracket}; if the file was cut off, restore the rest`,
      }),
    });
  }

  #fail(finding: Parameters<typeof diagnostic>[1]): undefined {
    this.#diagnostics.push(diagnostic(malformedJson, finding));
    return undefined;
  }

  #found(): string {
    const { kind, raw, value } = this.#tokens;
    return kind === Token.String ? quote(value) : quote(raw);
  }

  #reportEmpty(): void {
    const at = { file: this.#file, start: 0, end: 0 };
    const message =
      this.#tokens.comments.length > 0 ? 'the file holds nothing but comments' : 'the file is empty';
    this.#diagnostics.push(
      diagnostic(emptyFile, { at, message, help: 'write a JSON object: { "id": "plugin-name", … }' }),
    );
  }

  /** Many comments are one habit: one finding. */
  #reportComments(): void {
    const { comments, commentOpen } = this.#tokens;
    const [first, ...more] = comments;
    if (first === undefined) return;
    if (commentOpen) {
      const at = { ...(comments.at(-1) ?? first) };
      this.#fail({
        at: { ...at, end: at.start + 2 },
        message: 'a comment is opened and never closed',
        help: 'remove it: JSON has no comments',
      });
      return;
    }
    this.#diagnostics.push(
      diagnostic(jsonComment, {
        at: first,
        message: 'JSON has no comments',
        label: 'not allowed',
        ...(more.length > 0 && {
          notes: [`${more.length} more ${more.length === 1 ? 'follows' : 'follow'} in this file`],
        }),
        help: 'remove it, or say it in a "description" or in a key that begins with "x-"',
      }),
    );
  }
}

function duplicate(first: Located<string>, again: Located<string>): Diagnostic {
  return diagnostic(duplicateKey, {
    at: again.span,
    message: `the key ${quote(first.value)} stands twice in one object`,
    label: 'here again',
    related: [{ at: first.span, label: 'first here' }],
    help: 'remove one of the two',
  });
}

function trailing(comma: Span, inObject: boolean): Diagnostic {
  return diagnostic(trailingComma, {
    at: comma,
    message: `JSON allows no comma before ${inObject ? '"}"' : '"]"'}`,
    label: 'nothing follows it',
    help: 'remove the comma',
  });
}
