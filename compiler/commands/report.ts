import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatJson } from '../diagnostics/format-json.ts';
import { formatPretty } from '../diagnostics/format-pretty.ts';
import { countSeverity } from '../diagnostics/summary.ts';
import type { Arguments, Io } from './command.ts';

/** Prints findings as `--format` asks. Returns the exit code: 1 where there is an error. */
export function report(
  diagnostics: readonly Diagnostic[],
  plugins: number,
  { options }: Arguments,
  io: Io,
): number {
  const json = options.get('format') === 'json';
  io.out(json ? formatJson(diagnostics, plugins) : formatPretty(diagnostics, plugins, io.styles));
  return countSeverity(diagnostics, 'error') > 0 ? 1 : 0;
}
