import type { DiagnosticKind } from '../diagnostics/diagnostic.ts';

export const malformedJson: DiagnosticKind = { code: 'PLX1101', name: 'malformed-json', severity: 'error' };
export const malformedYaml: DiagnosticKind = { code: 'PLX1102', name: 'malformed-yaml', severity: 'error' };
export const duplicateKey: DiagnosticKind = { code: 'PLX1103', name: 'duplicate-key', severity: 'error' };
export const jsonComment: DiagnosticKind = { code: 'PLX1104', name: 'json-comment', severity: 'error' };
export const trailingComma: DiagnosticKind = { code: 'PLX1105', name: 'trailing-comma', severity: 'error' };
export const nestedTooDeep: DiagnosticKind = { code: 'PLX1106', name: 'nested-too-deep', severity: 'error' };
export const fileTooLarge: DiagnosticKind = { code: 'PLX1107', name: 'file-too-large', severity: 'error' };
export const notUtf8: DiagnosticKind = { code: 'PLX1108', name: 'not-utf-8', severity: 'error' };
export const byteOrderMark: DiagnosticKind = { code: 'PLX1109', name: 'byte-order-mark', severity: 'error' };
export const emptyFile: DiagnosticKind = { code: 'PLX1110', name: 'empty-file', severity: 'error' };
export const tooManyEntries: DiagnosticKind = {
  code: 'PLX1111',
  name: 'too-many-entries',
  severity: 'error',
};

/** Every kind of finding of this phase. */
export const parseKinds: readonly DiagnosticKind[] = [
  malformedJson,
  malformedYaml,
  duplicateKey,
  jsonComment,
  trailingComma,
  nestedTooDeep,
  fileTooLarge,
  notUtf8,
  byteOrderMark,
  emptyFile,
  tooManyEntries,
];
