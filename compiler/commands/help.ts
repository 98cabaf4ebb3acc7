import type { Command, DelegatedCommand } from './command.ts';

const INTRODUCTION = 'Compiles plugin manifests into typed clients, OpenAPI documents and a route table.';
const EXIT_CODES = 'Exit codes: 0 clean, 1 findings, 2 wrong usage, 70 a bug in plexica.';

/** The list of commands. */
export function globalHelp(commands: readonly (Command | DelegatedCommand)[]): string {
  return [
    INTRODUCTION,
    '',
    'Usage: plexica COMMAND [options]',
    '',
    'Commands:',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    'Options:',
    ...columns([
      ['--help', 'this text; plexica COMMAND --help for one command'],
      ['--version', 'the version'],
    ]),
    '',
    EXIT_CODES,
    '',
  ].join('\n');
}

/** What one command does and takes. */
export function commandHelp({ name, summary, details, operands, options }: Command): string {
  const described = options.map(({ name: option, value, choices, description }) => {
    const shown = choices?.join('|') ?? value;
    return [`--${option}${shown === undefined ? '' : ` ${shown}`}`, description] as const;
  });
  return [
    `plexica ${name}: ${summary}`,
    ...(details === undefined ? [] : ['', details]),
    '',
    `Usage: plexica ${[name, ...(operands === undefined ? [] : [operands])].join(' ')} [options]`,
    '',
    'Options:',
    ...columns([...described, ['--help', 'this text']]),
    '',
  ].join('\n');
}

function columns(rows: readonly (readonly [left: string, right: string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}   ${right}`);
}
