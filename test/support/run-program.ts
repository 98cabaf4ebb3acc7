import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** A running program of this repository. */
export interface RunningProgram {
  readonly process: ChildProcess;
  /**
   * Resolves with the first match in what it prints; rejects where it ends before.
   *
   * @param from where to begin, as `written` told it; at its start unless stated
   */
  printed(pattern: RegExp, from?: number): Promise<string>;
  /** How much it has printed up to now. */
  written(): number;
  /** Ends it with a signal and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ProgramOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Shell commands that its process runs before it becomes the program, such as `ulimit -n 60`. */
  readonly prelude?: string;
  /** Whether it is sent messages. */
  readonly channel?: boolean;
}

/** Starts a TypeScript program of this repository with its sources as packages. */
export function startProgram(command: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const words = [process.execPath, '--conditions=@plexica/source', ...command];
  const [file = '', ...rest] =
    options.prelude === undefined ? words : ['sh', '-c', `${options.prelude}; exec "$0" "$@"`, ...words];
  const child = spawn(file, rest, {
    cwd: options.folder ?? REPOSITORY,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe', ...(options.channel === true ? (['ipc'] as const) : [])],
  });
  let output = '';
  const exited = once(child, 'exit');
  const listeners = new Set<() => void>();
  const collect = (chunk: Buffer) => {
    output += chunk;
    for (const listener of listeners) listener();
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);

  return {
    process: child,
    async printed(pattern, from = 0) {
      const match = new Promise<string>((resolve) => {
        const look = () => {
          const [text] = pattern.exec(output.slice(from)) ?? [];
          if (text === undefined) return;
          listeners.delete(look);
          resolve(text);
        };
        listeners.add(look);
        look();
      });
      const ended = exited.then(() => {
        throw new Error(`${command.join(' ')} ended before it printed ${pattern}:\n${output}`);
      });
      return await Promise.race([match, ended]);
    },
    written: () => output.length,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await exited;
      }
    },
  };
}
