import { closestName } from './closest-name.ts';
import type { Command, Io } from './commands/command.ts';
import { events } from './commands/events.ts';
import { commandHelp, globalHelp } from './commands/help.ts';
import { keys } from './commands/keys.ts';
import { parseCall, UsageError } from './commands/parse-options.ts';
import { start } from './commands/start.ts';
import { token } from './commands/token.ts';
import { SetupError } from './errors.ts';
import { openLogDestination } from './server/log-destination.ts';

const COMMANDS: readonly Command[] = [start, token, keys, events];

/** The `plexica-gateway` command line in this process. The only place that sets an exit code. */
export async function main(): Promise<void> {
  process.stdout.on('error', ignoreClosedPipe);
  process.stderr.on('error', ignoreClosedPipe);
  const log = openLogDestination(process.stdout);
  process.exitCode = await run(process.argv.slice(2), {
    environment: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    log: log.write,
    onSignal(listener) {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => listener('stop'));
      process.on('SIGHUP', () => listener('reload'));
    },
  });
  await log.close(LAST_LINES);
  // Whatever is still open then, such as a pipe that nobody reads, must not keep the process.
  setTimeout(() => process.exit(), LAST_LINES).unref();
}

/** How long the last lines of the log may take, and what else ends after the command, in milliseconds. */
const LAST_LINES = 1_000;

/** Carries out a call. Resolves to the exit code: 0 done, 1 it cannot be done, 2 wrong usage, 70 a bug of ours. */
export async function run([name, ...rest]: readonly string[], io: Io): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') {
    io.out(globalHelp(COMMANDS));
    return 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    io.err(name === undefined ? globalHelp(COMMANDS) : `plexica-gateway: ${unknownCommand(name)}\n`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(commandHelp(command));
    return 0;
  }
  try {
    const { options, words } = parseCall(command, rest);
    return await command.run(options, io, words);
  } catch (error) {
    return report(error, command, io);
  }
}

function unknownCommand(name: string): string {
  const meant = closestName(
    name,
    COMMANDS.map((command) => command.name),
  );
  return `there is no command "${name}"${meant === undefined ? '' : `: did you mean ${meant}?`}\n  = help: plexica-gateway --help`;
}

function report(error: unknown, { name }: Command, io: Io): number {
  if (error instanceof UsageError) {
    io.err(`plexica ${name}: ${error.message}\n  = help: plexica ${name} --help\n`);
    return 2;
  }
  if (error instanceof SetupError) {
    io.err(`plexica ${name}: ${error.message}\n`);
    return 1;
  }
  const details = error instanceof Error && io.environment.PLEXICA_DEBUG ? error.stack : String(error);
  io.err(
    `plexica ${name}: this is a bug of ours: ${details}\n  = help: report it with what PLEXICA_DEBUG=1 adds to this message\n`,
  );
  return 70;
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
