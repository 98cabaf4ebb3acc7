/** Time and chance, passed in so that a test can hold them still. */
export interface Clock {
  /** Milliseconds since 1970; never goes back. */
  now(): number;
  /** Runs something once, `ms` from now, unless it is cancelled first. */
  after(ms: number, run: () => void): Cancel;
  /** A number from 0 to below 1. */
  random(): number;
}

export type Cancel = () => void;

/** The clock of this machine. Its timers do not keep a process alive. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
