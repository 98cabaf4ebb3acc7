import type { DiagnosticKind } from '../diagnostics/diagnostic.ts';

export const unwritableOutput: DiagnosticKind = {
  code: 'PLX1201',
  name: 'unwritable-output',
  severity: 'error',
};
export const staleOutput: DiagnosticKind = { code: 'PLX1202', name: 'stale-output', severity: 'error' };

/** Every kind of finding of this phase. */
export const writeKinds: readonly DiagnosticKind[] = [unwritableOutput, staleOutput];
