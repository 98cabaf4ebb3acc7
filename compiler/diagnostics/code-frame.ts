import { positionAt, type SourceFile, type Span } from '../ir/source.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';
import { printable } from './quote.ts';
import { sourceLine } from './source-line.ts';
import type { Styles } from './styles.ts';

/** A stretch of one line that is underlined. */
interface Mark {
  readonly file: SourceFile;
  /** From 1. */
  readonly line: number;
  /** Offsets in the line, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly primary: boolean;
}

/**
 * Shows the places of a finding in their sources, without the header line:
 * the primary file first, then the others, each with its marked lines in order.
 */
export function codeFrame(finding: Diagnostic, styles: Styles): readonly string[] {
  const marks = [
    ...marksOf(finding.at, finding.label ?? '', true),
    ...(finding.related ?? []).flatMap(({ at, label }) => marksOf(at, label, false)),
  ];
  const files = [...new Set(marks.map(({ file }) => file))];
  const width = gutterWidth(finding);
  const rule = styles.frame(`${' '.repeat(width)} |`);
  const lines: string[] = [];
  for (const [index, file] of files.entries()) {
    const own = marks.filter((mark) => mark.file === file);
    const [first] = own;
    if (first === undefined) continue;
    const arrow = styles.frame(`${' '.repeat(width)}${index === 0 ? '-->' : ':::'}`);
    lines.push(`${arrow} ${printable(file.path)}:${first.line}:${first.start + 1}`);
    if (file.text !== '') lines.push(rule, ...snippet(file, own, width, finding.kind.severity, styles), rule);
  }
  return lines;
}

/** How many characters the line numbers of a finding take. */
export function gutterWidth({ at, related = [] }: Diagnostic): number {
  const marks = [at, ...related.map((place) => place.at)].flatMap((span) => marksOf(span, '', true));
  return Math.max(...marks.map(({ line }) => String(line).length));
}

/** A span of several lines is marked on its first and on its last. */
function marksOf({ file, start, end }: Span, label: string, primary: boolean): readonly Mark[] {
  const from = positionAt(file.text, start);
  const to = positionAt(file.text, Math.max(start, end));
  const first = { file, line: from.line, start: from.column - 1, primary };
  if (from.line === to.line) return [{ ...first, end: to.column - 1, label }];
  const firstEnd = lineText(file, from.line).length;
  const lastText = lineText(file, to.line);
  const indent = lastText.length - lastText.trimStart().length;
  return [
    { ...first, end: firstEnd, label: '' },
    { file, line: to.line, start: Math.min(indent, to.column - 1), end: to.column - 1, label, primary },
  ];
}

function snippet(
  file: SourceFile,
  marks: readonly Mark[],
  width: number,
  severity: Severity,
  styles: Styles,
): readonly string[] {
  const numbers = [...new Set(marks.map(({ line }) => line))].sort((a, b) => a - b);
  const lines: string[] = [];
  let previous: number | undefined;
  for (const number of numbers) {
    if (previous !== undefined && number === previous + 2)
      lines.push(...plainLine(file, previous + 1, width, styles));
    else if (previous !== undefined && number > previous + 2) lines.push(styles.frame('...'));
    lines.push(
      ...markedLine(
        file,
        number,
        marks.filter(({ line }) => line === number),
        width,
        severity,
        styles,
      ),
    );
    previous = number;
  }
  return lines;
}

function plainLine(file: SourceFile, number: number, width: number, styles: Styles): readonly string[] {
  return [withNumber(number, sourceLine(lineText(file, number), 0).text, width, styles)];
}

function markedLine(
  file: SourceFile,
  number: number,
  marks: readonly Mark[],
  width: number,
  severity: Severity,
  styles: Styles,
): readonly string[] {
  const focus = marks.find(({ primary }) => primary) ?? marks[0];
  const { text, columns } = sourceLine(lineText(file, number), focus?.start ?? 0);
  const rule = styles.frame(`${' '.repeat(width)} |`);
  const underlines = marks
    .toSorted((a, b) => a.start - b.start)
    .map((mark) => {
      const start = columns[Math.min(mark.start, columns.length - 1)] ?? 0;
      const end = columns[Math.min(mark.end, columns.length - 1)] ?? start;
      const line = (mark.primary ? '^' : '-').repeat(Math.max(1, end - start));
      const style = mark.primary ? styles[severity] : styles.related;
      return `${rule} ${' '.repeat(start)}${style(`${line} ${printable(mark.label)}`.trimEnd())}`;
    });
  return [withNumber(number, text, width, styles), ...underlines];
}

function withNumber(number: number, text: string, width: number, styles: Styles): string {
  return `${styles.frame(`${String(number).padStart(width)} |`)} ${text}`.trimEnd();
}

function lineText(file: SourceFile, line: number): string {
  return file.text.split('\n', line)[line - 1]?.replace(/\r$/, '') ?? '';
}
