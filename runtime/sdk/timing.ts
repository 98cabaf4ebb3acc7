import { setTimeout } from 'node:timers/promises';

/** Clock, chance and delay, so that a test can hold them still. */
export interface Timing {
  /** Milliseconds since 1970. */
  now(): number;
  /** At least 0, less than 1. */
  random(): number;
  /** Resolves after a delay; rejects with the signal's reason. */
  wait(milliseconds: number, options?: WaitOptions): Promise<void>;
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether a process that has nothing else to do may end meanwhile. */
  readonly background?: boolean | undefined;
}

export const systemTiming: Timing = {
  now: () => Date.now(),
  random: () => Math.random(),
  wait: (milliseconds, { signal, background = false } = {}) =>
    setTimeout(milliseconds, undefined, { ref: !background, ...(signal && { signal }) }),
};
