import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { positionAt } from '../ir/source.ts';

/** Findings in a form to compare: `PLX1103 1:8 "a": the key "a" stands twice in one object`. */
export function listFindings(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ kind, at, message }) => {
    const { line, column } = positionAt(at.file.text, at.start);
    return `${kind.code} ${line}:${column} ${at.file.text.slice(at.start, at.end)}: ${message}`;
  });
}
