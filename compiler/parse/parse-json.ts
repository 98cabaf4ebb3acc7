import { type Diagnostic, diagnostic, type Outcome } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/quote.ts';
import type { DocumentNode, Member } from '../ir/document.ts';
import type { Located, SourceFile, Span } from '../ir/source.ts';
import * as findings from './json-findings.ts';
import { JsonTokens, Token } from './json-tokens.ts';
import { malformedJson } from './kinds.ts';
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

class JsonReader {
  readonly #file: SourceFile;
  readonly #tokens: JsonTokens;
  readonly #diagnostics: Diagnostic[] = [];
  /** What the current token stands in, outermost first. */
  readonly #owners: findings.Owner[] = [];

  constructor(file: SourceFile) {
    this.#file = file;
    this.#tokens = new JsonTokens(file);
  }

  read(): Outcome<DocumentNode | undefined> {
    const value = this.#document();
    const { comments, openComment } = this.#tokens;
    if (openComment === undefined) this.#diagnostics.push(...findings.comments(comments));
    else this.#fail(findings.openComment(openComment));
    return { value, diagnostics: this.#diagnostics };
  }

  #document(): DocumentNode | undefined {
    const tokens = this.#tokens;
    if (tokens.is(Token.End)) {
      if (tokens.openComment !== undefined) return undefined;
      return this.#fail(findings.empty(this.#file, tokens.comments.length > 0));
    }
    const value = this.#value();
    if (value === undefined || tokens.is(Token.End)) return value;
    return this.#fail(findings.surplus(tokens, value.span));
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
        if (tokens.error !== 0 || !Number.isFinite(value)) return this.#failInToken();
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
    if (tokens.error !== 0 || !value.isWellFormed()) return this.#failInToken();
    tokens.advance();
    return { value, span };
  }

  /** Bounds the depth before it recurses. */
  #nested(owner: findings.Owner, read: () => DocumentNode | undefined): DocumentNode | undefined {
    if (this.#owners.length === DEEPEST_NESTING) return this.#fail(findings.tooDeep(owner.open));
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
      else this.#diagnostics.push(findings.duplicate(first.key, key));
      if (members.size > MOST_ENTRIES) return this.#fail(findings.tooMany(key.span, 'object'));
      if (!this.#next('object')) return undefined;
    }
    return { kind: 'object', span: this.#close(open), members };
  }

  #array(open: Span): DocumentNode | undefined {
    const items: DocumentNode[] = [];
    while (!this.#tokens.is(Token.CloseBracket)) {
      const item = this.#value();
      if (item === undefined) return undefined;
      items.push(item);
      if (items.length > MOST_ENTRIES) return this.#fail(findings.tooMany(item.span, 'list'));
      if (!this.#next('list')) return undefined;
    }
    return { kind: 'array', span: this.#close(open), items };
  }

  /** Steps over the comma between two parts. False where what follows is neither a comma nor the end. */
  #next(owner: findings.Owner['what']): boolean {
    const tokens = this.#tokens;
    const close = owner === 'object' ? Token.CloseBrace : Token.CloseBracket;
    if (tokens.is(close)) return true;
    if (!tokens.is(Token.Comma)) {
      this.#failAtToken(`a comma or ${owner === 'object' ? '"}"' : '"]"'}`);
      return false;
    }
    const comma = tokens.span;
    tokens.advance();
    if (tokens.is(close)) this.#diagnostics.push(findings.trailing(comma, owner));
    return true;
  }

  #close(open: Span): Span {
    const { end } = this.#tokens;
    this.#tokens.advance();
    return { file: this.#file, start: open.start, end };
  }

  /** Something else was expected in place of the current token. */
  #failAtToken(expected: string): undefined {
    const tokens = this.#tokens;
    const owner = this.#owners.at(-1);
    if (tokens.openComment !== undefined) return undefined;
    if (!tokens.is(Token.End)) return this.#fail(findings.unexpectedToken(tokens, expected, owner));
    const end = { file: this.#file, start: tokens.previousEnd, end: tokens.previousEnd };
    return this.#fail(findings.truncated(end, owner));
  }

  #failInToken(): undefined {
    return this.#fail(diagnostic(malformedJson, malformedToken(this.#tokens)));
  }

  #fail(finding: Diagnostic): undefined {
    this.#diagnostics.push(finding);
    return undefined;
  }
}
