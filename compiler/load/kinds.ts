import type { DiagnosticKind } from '../diagnostics/diagnostic.ts';

export const noWorkspaceFile: DiagnosticKind = {
  code: 'PLX1001',
  name: 'no-workspace-file',
  severity: 'error',
};
export const unreadableFile: DiagnosticKind = { code: 'PLX1002', name: 'unreadable-file', severity: 'error' };
export const noManifest: DiagnosticKind = { code: 'PLX1003', name: 'no-manifest', severity: 'error' };
export const unmatchedGlob: DiagnosticKind = { code: 'PLX1004', name: 'unmatched-glob', severity: 'warning' };
export const refOutsidePlugin: DiagnosticKind = {
  code: 'PLX1005',
  name: 'ref-outside-plugin',
  severity: 'error',
};
export const unreadableRef: DiagnosticKind = { code: 'PLX1006', name: 'unreadable-ref', severity: 'error' };

/** Every kind of finding of this phase. */
export const loadKinds: readonly DiagnosticKind[] = [
  noWorkspaceFile,
  unreadableFile,
  noManifest,
  unmatchedGlob,
  refOutsidePlugin,
  unreadableRef,
];
