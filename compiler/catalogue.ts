import { rules } from './check/rules.ts';
import { bugKinds } from './commands/report-bug.ts';
import type { DiagnosticKind } from './diagnostics/diagnostic.ts';
import { loadKinds } from './load/kinds.ts';
import { packageRoot } from './package-root.ts';
import { parseKinds } from './parse/kinds.ts';
import { validateKinds } from './validate/kinds.ts';
import { writeKinds } from './write/kinds.ts';

/** A kind of finding and the file that explains it. */
export interface CatalogueEntry extends DiagnosticKind {
  /** The `.md` beside the code that reports it. */
  readonly explanation: URL;
}

/** Every kind of finding that the compiler can report, in the order of their codes. */
export const catalogue: readonly CatalogueEntry[] = [
  ...entries('load', loadKinds),
  ...entries('parse', parseKinds),
  ...entries('write', writeKinds),
  ...entries('validate', validateKinds),
  ...entries('check/rules', rules),
  ...entries('commands', bugKinds),
].sort((a, b) => (a.code < b.code ? -1 : 1));

function entries(folder: string, kinds: readonly DiagnosticKind[]): readonly CatalogueEntry[] {
  return kinds.map(({ code, name, severity }) => ({
    code,
    name,
    severity,
    explanation: new URL(`${folder}/${name}.md`, packageRoot),
  }));
}
