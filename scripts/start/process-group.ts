import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunnableProgram } from './programs.ts';

/** How long a program may take to stop by itself, in milliseconds. */
const STOP_LIMIT = 8_000;

export interface ProcessGroup {
  /** Settles with the first program that ends by itself. */
  readonly firstExit: Promise<{ readonly program: RunnableProgram; readonly logFile: string }>;
  /** Ends all programs; resolves when the last is gone. */
  stop(): Promise<void>;
}

/** Starts programs whose output goes to a log file each. Whatever ends this process ends them too. */
export function startProcesses(programs: readonly RunnableProgram[], logFolder: string): ProcessGroup {
  mkdirSync(logFolder, { recursive: true });
  const running = programs.map((program) => {
    const logFile = join(logFolder, `${program.name}.log`);
    const child = spawn(process.execPath, program.command, {
      env: { ...process.env, ...program.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(logFile);
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    return { program, logFile, child, exited: once(child, 'exit') };
  });
  const killAll = () => {
    for (const { child } of running) child.kill('SIGKILL');
  };
  process.once('exit', killAll);

  return {
    firstExit: Promise.race(
      running.map(({ program, logFile, exited }) => exited.then(() => ({ program, logFile }))),
    ),
    async stop() {
      await Promise.all(running.map(({ child, exited }) => stopProcess(child, exited)));
      process.off('exit', killAll);
    },
  };
}

async function stopProcess(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT);
  await exited;
  clearTimeout(timer);
}
