import type { DiagnosticKind } from '../diagnostics/diagnostic.ts';

export const unknownKey: DiagnosticKind = { code: 'PLX2001', name: 'unknown-key', severity: 'error' };
export const missingKey: DiagnosticKind = { code: 'PLX2002', name: 'missing-key', severity: 'error' };
export const wrongType: DiagnosticKind = { code: 'PLX2003', name: 'wrong-type', severity: 'error' };
export const unknownValue: DiagnosticKind = { code: 'PLX2004', name: 'unknown-value', severity: 'error' };
export const malformedValue: DiagnosticKind = { code: 'PLX2005', name: 'malformed-value', severity: 'error' };
export const outOfRange: DiagnosticKind = { code: 'PLX2006', name: 'out-of-range', severity: 'error' };
export const chooseOne: DiagnosticKind = { code: 'PLX2007', name: 'choose-one', severity: 'error' };
export const missingVariable: DiagnosticKind = {
  code: 'PLX2008',
  name: 'missing-variable',
  severity: 'error',
};

/** Every kind of finding of this phase. */
export const validateKinds: readonly DiagnosticKind[] = [
  unknownKey,
  missingKey,
  wrongType,
  unknownValue,
  malformedValue,
  outOfRange,
  chooseOne,
  missingVariable,
];
