import type { Clock } from '../clock.ts';

/** A clock that stands still until it is told otherwise. Chance is always one half. */
export interface ManualClock extends Clock {
  /** Lets time pass: what is due runs, in order, and what follows from it before the next. */
  advance(ms: number): Promise<void>;
  /** How many wait. */
  readonly timers: number;
}

export function createManualClock(startedAt = Date.parse('2026-01-01T00:00:00Z')): ManualClock {
  let now = startedAt;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => now,
    random: () => 0.5,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        await settle();
        const [next] = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((one) => one !== next);
        now = next.at;
        next.run();
      }
      now = until;
      await settle();
    },
    get timers() {
      return timers.length;
    },
  };
}

/** Lets promises that are about to be resolved be so. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
