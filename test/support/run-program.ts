import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** A running program of this repository. */
export interface RunningProgram {
  readonly process: ChildProcess;
  /** Resolves with the first match in what it prints; rejects where it ends before. */
  printed(pattern: RegExp): Promise<string>;
  /** Ends it with a signal and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a TypeScript program of this repository with its sources as packages. */
export function startProgram(
  command: readonly string[],
  options: { folder?: string; environment?: Readonly<Record<string, string>> } = {},
): RunningProgram {
  const child = spawn(process.execPath, ['--conditions=@plexica/source', ...command], {
    cwd: options.folder ?? REPOSITORY,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = once(child, 'exit');
  const listeners = new Set<() => void>();
  const collect = (chunk: Buffer) => {
    output += chunk;
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);

  return {
    process: child,
    async printed(pattern) {
      const match = new Promise<string>((resolve) => {
        const look = () => {
          const [text] = pattern.exec(output) ?? [];
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
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await exited;
      }
    },
  };
}
