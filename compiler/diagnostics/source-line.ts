import { printable } from './quote.ts';

const TAB = 4;
const WIDEST = 120;
const CONTEXT = 24;

/** A line of a source text as it is shown, and where its characters went. */
export interface SourceLine {
  readonly text: string;
  /** The display column of each UTF-16 offset of the line, its end included. */
  readonly columns: readonly number[];
}

/**
 * Prepares a line for a terminal: tabs become spaces, control characters are written out, wide characters
 * count double, and of a long line only the part around `focus` (an offset) is shown.
 */
export function sourceLine(line: string, focus: number): SourceLine {
  const whole = layOut(line);
  const width = whole.columns.at(-1) ?? 0;
  if (width <= WIDEST) return whole;
  const focusColumn = whole.columns[Math.min(focus, line.length)] ?? 0;
  const from = Math.max(0, Math.min(focusColumn - CONTEXT, width - WIDEST));
  return clip(line, whole.columns, from);
}

function layOut(line: string): SourceLine {
  let text = '';
  let column = 0;
  const columns: number[] = [];
  for (const character of line) {
    for (let unit = 0; unit < character.length; unit += 1) columns.push(column);
    const shown = character === '\t' ? ' '.repeat(TAB) : printable(character);
    text += shown;
    column += shown === character ? characterWidth(character) : shown.length;
  }
  columns.push(column);
  return { text, columns };
}

/** Shows the columns from `from` on, as many as fit, with an ellipsis where something is left out. */
function clip(line: string, columns: readonly number[], from: number): SourceLine {
  const start = columns.findIndex((column) => column >= from);
  const end = columns.findLastIndex((column) => column <= from + WIDEST);
  const part = layOut(line.slice(start, end));
  const left = start > 0 ? 1 : 0;
  const right = end < line.length ? '…' : '';
  const width = left + (part.columns.at(-1) ?? 0);
  const shifted = columns.map((_, offset) => {
    if (offset < start) return 0;
    return offset > end ? width : left + (part.columns[offset - start] ?? 0);
  });
  return { text: `${left > 0 ? '…' : ''}${part.text}${right}`, columns: shifted };
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NARROWEST = /\p{Mn}|\p{Me}/u;

function characterWidth(character: string): number {
  if (character < '\u0300') return 1;
  if (NARROWEST.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
