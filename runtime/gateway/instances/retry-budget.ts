import type { Clock } from './clock.ts';

/**
 * How many requests to one plugin may be tried again: each earns a share of one retry. When everything fails, retries
 * add that share to the plugin's load, and not a multiple.
 */
export interface RetryBudget {
  /** A request has come. */
  earn(): void;
  /** Whether one may be tried again; it is then paid for. */
  spend(): boolean;
  /** @param share of requests that may be tried again; with 0, none ever is */
  follow(share: number): void;
}

/** What a plugin with little traffic has to spend at least, and how much of that comes back each second. */
const FLOOR = 10;
const REFILL = 1;
/** The most that can be saved up: what is under way at one instance that dies may be tried again. */
const MOST = 256;

/** @param initialShare of requests that may be tried again; with 0, none ever is */
export function createRetryBudget(initialShare: number, clock: Pick<Clock, 'now'>): RetryBudget {
  let share = initialShare;
  let saved = FLOOR;
  let refilledAt = clock.now();

  return {
    earn() {
      saved = Math.min(MOST, saved + share);
    },
    spend() {
      if (share === 0) return false;
      refill();
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
    follow(next) {
      share = next;
    },
  };

  function refill(): void {
    const now = clock.now();
    const grown = saved + ((now - refilledAt) / 1000) * REFILL;
    saved = Math.max(saved, Math.min(FLOOR, grown));
    refilledAt = now;
  }
}
