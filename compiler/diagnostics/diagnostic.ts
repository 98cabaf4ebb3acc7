import type { Span } from '../ir/source.ts';

export type Severity = 'error' | 'warning';

/** A kind of finding. Its `.md` beside the code that reports it is what `plexica explain` prints. */
export interface DiagnosticKind {
  /** `PLX` and four digits: 1 reading, 2 schema, 3 linking, 4 checks, 5 compatibility, 9 our own bug. Never reused. */
  readonly code: string;
  /** Kebab-case; also the name of the files that define and explain it. */
  readonly name: string;
  readonly severity: Severity;
}

/** A place beside the primary one that explains a finding. */
export interface RelatedSpan {
  readonly at: Span;
  readonly label: string;
}

/** What one cause in the user's files gives: what is wrong, where, and what to do. */
export interface Finding {
  readonly at: Span;
  /** What is wrong, in the user's own names. One line. */
  readonly message: string;
  /** Stands under the primary span. */
  readonly label?: string;
  readonly related?: readonly RelatedSpan[];
  readonly notes?: readonly string[];
  /** What to do, as a concrete edit where there is one. */
  readonly help?: string;
}

export interface Diagnostic extends Finding {
  readonly kind: DiagnosticKind;
}

/** What every phase returns: as much of its result as could be made, and all that was found on the way. */
export interface Outcome<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

export function diagnostic(kind: DiagnosticKind, finding: Finding): Diagnostic {
  return { kind, ...finding };
}

/** The order in which findings are told: by file, place, code, then message. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      compare(a.at.file.path, b.at.file.path) ||
      a.at.start - b.at.start ||
      a.at.end - b.at.end ||
      compare(a.kind.code, b.kind.code) ||
      compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
