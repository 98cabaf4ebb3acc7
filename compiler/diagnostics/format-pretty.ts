import { codeFrame, gutterWidth } from './code-frame.ts';
import type { Diagnostic } from './diagnostic.ts';
import { printable } from './quote.ts';
import type { Styles } from './styles.ts';
import { summarise } from './summary.ts';

/** Findings for people: each with its places in the source, and a line at the end that counts them. */
export function formatPretty(diagnostics: readonly Diagnostic[], plugins: number, styles: Styles): string {
  const findings = diagnostics.map((finding) => `${formatFinding(finding, styles)}\n\n`);
  return `${findings.join('')}${summarise(diagnostics, plugins)}\n`;
}

function formatFinding(finding: Diagnostic, styles: Styles): string {
  const { kind, message, notes = [], help } = finding;
  const title = styles[kind.severity](`${kind.severity}[${kind.code}]`);
  const rule = styles.frame(`${' '.repeat(gutterWidth(finding))} =`);
  return [
    `${title} ${kind.name}: ${styles.strong(printable(message))}`,
    ...codeFrame(finding, styles),
    ...notes.map((note) => `${rule} note: ${printable(note)}`),
    ...(help === undefined ? [] : [`${rule} ${styles.help('help:')} ${printable(help)}`]),
    `${rule} docs: plexica explain ${kind.code}`,
  ].join('\n');
}
