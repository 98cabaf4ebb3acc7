import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningProgram, startProgram } from '../support/run-program.ts';

/** A program that is started again whenever it was killed. */
export interface Supervised {
  /** Ends it with `SIGKILL`, and starts another one so many milliseconds later. */
  kill(pause: number): Promise<void>;
  /** Resolves with the first match in what is printed from now on, by this one or one that follows. */
  printed(pattern: RegExp): Promise<string>;
  /** Resolves once it has ended by itself, and well. Rejects where it ended otherwise without having been killed. */
  readonly ended: Promise<void>;
  /** Ends it politely, and waits for it. */
  stop(): Promise<void>;
  readonly kills: number;
}

/** Of what a program said before its end, in characters. */
const LONGEST_TEXT = 4_000;

export function supervise(name: string, program: string, settings: object): Supervised {
  const file = new URL(program, import.meta.url).pathname;
  const over = Promise.withResolvers<void>();
  over.promise.catch(() => undefined);
  const listeners = new Set<(text: string) => void>();
  let running = start();
  let isOver = false;
  let stopping = false;
  let kills = 0;
  let killing: RunningProgram | undefined;

  return {
    async kill(pause) {
      if (isOver || stopping || killing !== undefined) return;
      killing = running;
      await running.stop('SIGKILL');
      kills += 1;
      await sleep(pause);
      running = start();
      killing = undefined;
    },
    printed: (pattern) =>
      new Promise((resolve) => {
        listeners.add(function look(text) {
          const [match] = pattern.exec(text) ?? [];
          if (match === undefined) return;
          listeners.delete(look);
          resolve(match);
        });
      }),
    ended: over.promise,
    async stop() {
      stopping = true;
      await running.stop();
    },
    get kills() {
      return kills;
    },
  };

  function start(): RunningProgram {
    const started = startProgram([file, JSON.stringify(settings)]);
    let text = '';
    const read = (chunk: Buffer) => {
      text = `${text}${chunk}`.slice(-LONGEST_TEXT);
      for (const look of listeners) look(chunk.toString());
    };
    started.process.stdout?.on('data', read);
    started.process.stderr?.on('data', read);
    void watch(started, () => text);
    return started;
  }

  async function watch(started: RunningProgram, text: () => string): Promise<void> {
    const [code, signal] = await once(started.process, 'exit');
    if (started === killing || stopping) return;
    isOver = true;
    if (code === 0) over.resolve();
    else over.reject(new Error(`${name} ended (${code ?? signal}):\n${text()}`));
  }
}
