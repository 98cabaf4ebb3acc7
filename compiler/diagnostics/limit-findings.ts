import type { Diagnostic } from './diagnostic.ts';
import { count } from './summary.ts';

/** Nobody reads more of one file, and a file can be made to have a hundred thousand. */
const MOST = 100;

/** The first findings of each file, errors and warnings apart; the last one told says how many are not. */
export function limitFindings(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const counts = new Map<string, number>();
  const keyOf = ({ at, kind }: Diagnostic) => `${kind.severity} ${at.file.path}`;
  const told = diagnostics.filter((finding) => {
    const number = (counts.get(keyOf(finding)) ?? 0) + 1;
    counts.set(keyOf(finding), number);
    return number <= MOST;
  });
  const last = new Map(told.map((finding) => [keyOf(finding), finding]));
  return told.map((finding) => {
    const rest = (counts.get(keyOf(finding)) ?? 0) - MOST;
    if (rest <= 0 || last.get(keyOf(finding)) !== finding) return finding;
    const note = `${count(rest, `more ${finding.kind.severity}`)} in this file not shown`;
    return { ...finding, notes: [...(finding.notes ?? []), note] };
  });
}
