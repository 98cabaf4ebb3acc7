import { createScanner, type JSONScanner } from 'jsonc-parser';
import type { SourceFile, Span } from '../ir/source.ts';

/** jsonc-parser's token numbers: its own enum is `const` and does not exist for isolated modules. */
export const Token = {
  OpenBrace: 1,
  CloseBrace: 2,
  OpenBracket: 3,
  CloseBracket: 4,
  Comma: 5,
  Colon: 6,
  Null: 7,
  True: 8,
  False: 9,
  String: 10,
  Number: 11,
  LineComment: 12,
  BlockComment: 13,
  LineBreak: 14,
  Space: 15,
  Unknown: 16,
  End: 17,
} as const;

/** jsonc-parser's scan errors, for the same reason. */
export const ScanError = {
  None: 0,
  UnclosedComment: 1,
  UnclosedString: 2,
  UnfinishedNumber: 3,
  BadUnicode: 4,
  BadEscape: 5,
  ControlCharacter: 6,
} as const;

/** The tokens of a JSON text, one at a time, without white space and comments. */
export class JsonTokens {
  /** The current token's kind, a number of `Token`. */
  kind: number = Token.End;
  /** Comments met so far. */
  readonly comments: Span[] = [];
  /** The comment that is never closed, where there is one. */
  openComment: Span | undefined = undefined;
  /** Where the token before the current one ended. */
  previousEnd = 0;

  readonly #file: SourceFile;
  readonly #scanner: JSONScanner;

  constructor(file: SourceFile) {
    this.#file = file;
    this.#scanner = createScanner(file.text);
    this.advance();
  }

  /** A method, because the kind changes with every step and TypeScript would not expect it to. */
  is(kind: number): boolean {
    return this.kind === kind;
  }

  get start(): number {
    return this.#scanner.getTokenOffset();
  }

  get end(): number {
    return this.start + this.#scanner.getTokenLength();
  }

  get span(): Span {
    return { file: this.#file, start: this.start, end: this.end };
  }

  /** As the user wrote it. */
  get raw(): string {
    return this.#file.text.slice(this.start, this.end);
  }

  /** Of a string its meaning, of everything else the text. */
  get value(): string {
    return this.#scanner.getTokenValue();
  }

  /** A number of `ScanError`. */
  get error(): number {
    return this.#scanner.getTokenError();
  }

  advance(): void {
    this.previousEnd = this.kind === Token.End ? 0 : this.end;
    for (;;) {
      this.kind = this.#scanner.scan();
      if (this.kind === Token.LineComment || this.kind === Token.BlockComment) {
        this.comments.push(this.span);
        if (this.error === ScanError.UnclosedComment) this.openComment = this.span;
      } else if (this.kind !== Token.LineBreak && this.kind !== Token.Space) return;
    }
  }
}
