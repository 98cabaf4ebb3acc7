import type { DiagnosticKind, Finding } from '../diagnostics/diagnostic.ts';
import type { Program } from '../ir/program.ts';

/** A pure judgement of the linked program: no reporter, no I/O. */
export interface Rule extends DiagnosticKind {
  check(program: Program): Iterable<Finding>;
}
