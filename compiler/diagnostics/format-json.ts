import { positionAt, type Span } from '../ir/source.ts';
import type { Diagnostic } from './diagnostic.ts';
import { countSeverity } from './summary.ts';

/** Findings for programs: one JSON object. Lines and columns count from 1; what is absent is null or empty. */
export function formatJson(diagnostics: readonly Diagnostic[], plugins: number): string {
  const report = {
    diagnostics: diagnostics.map(({ kind, message, at, label, related = [], notes = [], help }) => ({
      code: kind.code,
      name: kind.name,
      severity: kind.severity,
      message,
      ...placeOf(at),
      label: label ?? null,
      related: related.map((place) => {
        const { file, line, column } = placeOf(place.at);
        return { file, line, column, label: place.label };
      }),
      notes,
      help: help ?? null,
    })),
    summary: {
      plugins,
      errors: countSeverity(diagnostics, 'error'),
      warnings: countSeverity(diagnostics, 'warning'),
    },
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function placeOf({ file, start, end }: Span) {
  const from = positionAt(file.text, start);
  const to = positionAt(file.text, Math.max(start, end));
  return { file: file.path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}
