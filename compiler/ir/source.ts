/** A text that the user wrote: a manifest, a schema file or plexica.yaml. */
export interface SourceFile {
  /** Relative to the working folder, with `/`; what messages show. */
  readonly path: string;
  readonly text: string;
}

/** A stretch of a source text: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A value and the place where the user wrote it. */
export interface Located<T> {
  readonly value: T;
  readonly span: Span;
}

/** A line and a column, both from 1; a column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where an offset of a text lies. Lines end with `\n`; a `\r` before it belongs to the line's end. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let at = before.indexOf('\n'); at !== -1; at = before.indexOf('\n', at + 1)) line += 1;
  return { line, column: offset - lineStart + 1 };
}

/** A value's own part from `start` to `end`; the whole where escapes in the source hide where that is. */
export function spanWithin({ value, span }: Located<string>, start: number, end: number): Span {
  const inner = span.start + 1;
  if (span.file.text.slice(inner, span.end - 1) !== value) return span;
  return { file: span.file, start: inner + start, end: inner + end };
}
