import type { Diagnostic, Severity } from './diagnostic.ts';

export function countSeverity(diagnostics: readonly Diagnostic[], severity: Severity): number {
  return diagnostics.filter(({ kind }) => kind.severity === severity).length;
}

/** `2 errors, 1 warning in 3 plugins`; without the plugins where none could be found. */
export function summarise(diagnostics: readonly Diagnostic[], plugins: number): string {
  const errors = countSeverity(diagnostics, 'error');
  const warnings = countSeverity(diagnostics, 'warning');
  const found = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  const findings = found.length > 0 ? found.join(', ') : 'no findings';
  return plugins === 0 ? findings : `${findings} in ${count(plugins, 'plugin')}`;
}

/** `1 plugin`, `3 plugins`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
