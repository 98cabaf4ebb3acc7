import type { DiagnosticKind } from '../diagnostics/diagnostic.ts';
import { printable } from '../diagnostics/quote.ts';
import type { Io } from './command.ts';

const compilerBug: DiagnosticKind = { code: 'PLX9001', name: 'compiler-bug', severity: 'error' };

/** What is never the user's fault. */
export const bugKinds: readonly DiagnosticKind[] = [compilerBug];

/** Prints what an unforeseen error says, and with PLEXICA_DEBUG where it comes from. Returns the exit code. */
export function reportBug(error: unknown, { environment, styles, err }: Io): number {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && environment.PLEXICA_DEBUG ? `${error.stack}\n` : '';
  err(
    `${styles.error(`error[${compilerBug.code}]`)} ${compilerBug.name}: ${styles.strong(printable(message))}\n` +
      ' = note: this is a fault of plexica, not of your manifests\n' +
      ' = help: please report it with the manifests that lead to it; PLEXICA_DEBUG=1 shows more\n' +
      ` = docs: plexica explain ${compilerBug.code}\n${stack}`,
  );
  return 70;
}
