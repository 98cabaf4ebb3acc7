import { readFile } from 'node:fs/promises';
import type { Io } from './commands/command.ts';
import { commandHelp, globalHelp } from './commands/help.ts';
import { commands } from './commands/index.ts';
import { parseArguments } from './commands/parse-arguments.ts';
import { reportBug } from './commands/report-bug.ts';
import { nearest } from './diagnostics/nearest.ts';
import { quote } from './diagnostics/quote.ts';
import { stylesFor } from './diagnostics/styles.ts';
import { packageRoot } from './package-root.ts';

/** The `plexica` command line in this process. The only place that sets an exit code. */
export async function main(): Promise<void> {
  // A reader that closes the pipe early, such as `head`, has seen enough.
  process.stdout.on('error', ignoreClosedPipe);
  process.stderr.on('error', ignoreClosedPipe);
  process.exitCode = await run(process.argv.slice(2), {
    workingFolder: process.cwd(),
    environment: process.env,
    styles: stylesFor(wantsColours(process.env, process.stdout.isTTY)),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
}

/** Carries out a call. Resolves to the exit code: 0 clean, 1 findings, 2 wrong usage, 70 a bug of ours. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    return reportBug(error, io);
  }
}

async function dispatch([name, ...rest]: readonly string[], io: Io): Promise<number> {
  if (name === undefined) {
    io.err(globalHelp(commands));
    return 2;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    io.out(globalHelp(commands));
    return 0;
  }
  if (name === '--version') {
    io.out(`${await version()}\n`);
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) return wrongUsage(unknownCommand(name), 'plexica --help', io);
  if ('delegate' in command) return command.delegate(rest, io);
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(commandHelp(command));
    return 0;
  }
  const input = parseArguments(command, rest);
  if ('message' in input) return wrongUsage(input.message, `plexica ${name} --help`, io);
  return command.run(input, io);
}

function unknownCommand(name: string): string {
  if (name.startsWith('-')) return `${quote(name)} stands before the command; options stand behind it`;
  const meant = nearest(
    name,
    commands.map((command) => command.name),
  );
  return `there is no command ${quote(name)}${meant === undefined ? '' : `: did you mean ${meant}?`}`;
}

function wrongUsage(message: string, help: string, io: Io): number {
  io.err(`plexica: ${message}\n  = help: ${help}\n`);
  return 2;
}

async function version(): Promise<string> {
  return JSON.parse(await readFile(new URL('package.json', packageRoot), 'utf8')).version;
}

/** FORCE_COLOR and NO_COLOR as Node.js reads them; otherwise colour is for terminals. */
function wantsColours({ FORCE_COLOR, NO_COLOR, TERM }: Io['environment'], terminal: boolean): boolean {
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR) return false;
  return terminal && TERM !== 'dumb';
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
