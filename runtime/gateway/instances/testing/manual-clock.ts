import type { Clock } from '../clock.ts';

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Lets time pass, and runs what falls due, in order. */
  advance(ms: number): void;
  /** Sets the time of day, and lets no time pass. */
  setTimeOfDay(ms: number): void;
  /** How many timers are set. */
  readonly pending: number;
}

export function createManualClock(): ManualClock {
  const timers = new Map<symbol, { readonly due: number; readonly run: () => void }>();
  let time = 0;
  let began = Date.UTC(2026, 0, 1);

  return {
    now: () => time,
    timeOfDay: () => began + time,
    after(ms, run) {
      const timer = Symbol();
      timers.set(timer, { due: time + ms, run });
      return () => timers.delete(timer);
    },
    random: () => 0,
    setTimeOfDay(ms) {
      began = ms - time;
    },
    advance(ms) {
      const end = time + ms;
      for (;;) {
        const [next] = [...timers].filter(([, { due }]) => due <= end).sort(([, a], [, b]) => a.due - b.due);
        if (next === undefined) break;
        const [timer, { due, run }] = next;
        timers.delete(timer);
        time = due;
        run();
      }
      time = end;
    },
    get pending() {
      return timers.size;
    },
  };
}
