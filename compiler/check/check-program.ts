import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import type { Program } from '../ir/program.ts';
import { rules } from './rules.ts';

/** Judges a program by all rules. In the order of the rules. */
export function checkProgram(program: Program): readonly Diagnostic[] {
  return rules.flatMap((rule) => Array.from(rule.check(program), (finding) => diagnostic(rule, finding)));
}
