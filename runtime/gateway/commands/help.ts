import type { Command } from './command.ts';

export function globalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const rows = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: plexica-gateway COMMAND [OPTIONS]\n\n${rows.join('\n')}\n\n  plexica-gateway COMMAND --help tells about one command.\n`;
}

export function commandHelp({ name, summary, usage, options }: Command): string {
  const left = options.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name} ${value}`));
  const width = Math.max(...left.map((text) => text.length));
  const rows = options.map(({ text }, index) => `  ${(left[index] ?? '').padEnd(width)}  ${text}`);
  const calls = usage.map((line) => `  plexica-gateway ${name} ${line}`.trimEnd());
  return `${summary}\n\nUsage:\n${calls.join('\n')}\n\nOptions:\n${rows.join('\n')}\n`;
}
