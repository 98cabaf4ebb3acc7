/** Time and chance, passed in so that a test can hold them still. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs something once, `ms` from now, unless it is cancelled first. */
  after(ms: number, run: () => void): () => void;
  /** A number from 0 to below 1. */
  random(): number;
}

/** The clock of this machine. Its timers keep the process alive: a message that waits for its next attempt is work. */
export const systemClock: Clock = {
  now: Date.now,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
