import type { Timing } from '../timing.ts';

/** A delay that somebody waits for. */
export interface Delay {
  readonly milliseconds: number;
  /** Whether it keeps the process alive. */
  readonly background: boolean;
  /** Lets it go by. */
  elapse(): void;
}

/** A clock that a test turns. Chance is always one half. */
export interface ManualTiming extends Timing {
  time: number;
  /** The next delay that somebody waits for, each once. */
  next(): Promise<Delay>;
}

export function manualTiming(): ManualTiming {
  const asked: Delay[] = [];
  const takers: ((delay: Delay) => void)[] = [];
  return {
    time: Date.UTC(2026, 0, 1),
    now() {
      return this.time;
    },
    random: () => 0.5,
    async next() {
      return asked.shift() ?? (await new Promise<Delay>((take) => takers.push(take)));
    },
    wait: (milliseconds, { signal, background = false } = {}) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        const delay = { milliseconds, background, elapse: resolve };
        const take = takers.shift();
        if (take === undefined) asked.push(delay);
        else take(delay);
      }),
  };
}

/** A clock whose delays go by at once, and are noted. */
export function instantTiming(): Timing & { readonly delays: readonly number[] } {
  const delays: number[] = [];
  return {
    delays,
    now: () => Date.UTC(2026, 0, 1),
    random: () => 0.5,
    wait: async (milliseconds, { signal } = {}) => {
      signal?.throwIfAborted();
      delays.push(milliseconds);
    },
  };
}
