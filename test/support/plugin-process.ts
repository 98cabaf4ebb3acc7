import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { REPOSITORY } from './run-program.ts';

/** An example plugin that runs. */
export interface PluginProcess {
  /** Resolves with the first line of the log that matches, also one of the past. */
  logged(pattern: RegExp): Promise<RegExpMatchArray>;
  /** What came on standard error so far. */
  errors(): string;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/**
 * Starts an example plugin as a process of its own, with nothing in its environment but what is said.
 *
 * @param folder below `plugins/`
 */
export function startPlugin(folder: string, environment: NodeJS.ProcessEnv): PluginProcess {
  const entry = join(REPOSITORY, 'plugins', folder, 'backend/src/index.ts');
  const child = spawn(process.execPath, ['--conditions=@plexica/source', entry], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);

  return {
    ended,
    errors: () => errors,
    signal: (name) => child.kill(name),
    logged(pattern) {
      const found = new Promise<RegExpMatchArray>((resolve) => {
        const look = () => {
          const match = lines.map((line) => line.match(pattern)).find((line) => line !== null);
          if (match) resolve(match);
        };
        waiting.add(look);
        look();
      });
      const tooLate = ended.then((end): never => {
        throw new Error(`ended with ${end} before it logged ${pattern}: ${errors}`);
      });
      return Promise.race([found, tooLate]);
    },
  };
}
