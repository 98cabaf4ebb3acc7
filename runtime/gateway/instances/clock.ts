/** Time and chance, passed in so that a test can hold them still. */
export interface Clock {
  /** Milliseconds that have passed; never goes back, whatever becomes of the time of day. */
  now(): number;
  /** The time of day, in milliseconds since 1970, to tell people: it is set now and then, and a machine sleeps. */
  timeOfDay(): number;
  /** Runs something once, `ms` from now, unless it is cancelled first. */
  after(ms: number, run: () => void): Cancel;
  /** A number from 0 to below 1. */
  random(): number;
}

export type Cancel = () => void;

/** The clock of this machine. Its timers do not keep a process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  timeOfDay: Date.now,
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
