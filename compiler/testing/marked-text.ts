/** A stretch of a text: UTF-16 offsets, `end` exclusive. */
export interface Mark {
  readonly start: number;
  readonly end: number;
}

/** A text, and the stretches of it that a test expects findings to point at. */
export interface MarkedText {
  /** Without the marks. */
  readonly text: string;
  /** `⟦…⟧`: a finding's own place. */
  readonly primary: readonly Mark[];
  /** `⟨…⟩`: a place that a finding relates to. */
  readonly related: readonly Mark[];
}

/** Takes the marks out of a fixture. Marks may nest. Throws for one that is not closed. */
export function readMarks(marked: string): MarkedText {
  const primary: Mark[] = [];
  const related: Mark[] = [];
  const open: number[] = [];
  let text = '';
  for (const character of marked) {
    if (character === '⟦' || character === '⟨') open.push(text.length);
    else if (character === '⟧' || character === '⟩') {
      const start = open.pop();
      if (start === undefined) throw new TypeError(`${character} closes nothing in ${marked}`);
      (character === '⟧' ? primary : related).push({ start, end: text.length });
    } else text += character;
  }
  if (open.length > 0) throw new TypeError(`a mark is not closed in ${marked}`);
  return { text, primary: primary.sort(byPlace), related: related.sort(byPlace) };
}

function byPlace(a: Mark, b: Mark): number {
  return a.start - b.start || a.end - b.end;
}
