import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunnableProgram } from './programs.ts';

/** How long a program may take to stop by itself, in milliseconds. */
const STOP_LIMIT = 8_000;

/** A program that ended before it was stopped. */
export interface ProgramExit {
  readonly program: RunnableProgram;
  readonly logFile: string;
}

export interface ProcessGroup {
  /** Ends all programs; resolves when the last is gone. */
  stop(): Promise<void>;
}

/**
 * Starts programs whose output goes to a log file each. Whatever ends this process ends them too.
 *
 * @param onExit is told of a program that ends by itself
 */
export function startProcesses(
  programs: readonly RunnableProgram[],
  logFolder: string,
  onExit: (exit: ProgramExit) => void,
): ProcessGroup {
  mkdirSync(logFolder, { recursive: true });
  let stopping = false;
  const running = programs.map((program) => {
    const logFile = join(logFolder, `${program.name}.log`);
    const child = spawn(process.execPath, program.command, {
      env: { ...process.env, ...program.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(logFile);
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('close', () => {
      if (!stopping) onExit({ program, logFile });
    });
    return { child, exited: once(child, 'exit') };
  });
  const killAll = () => {
    for (const { child } of running) child.kill('SIGKILL');
  };
  process.once('exit', killAll);

  return {
    async stop() {
      stopping = true;
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
