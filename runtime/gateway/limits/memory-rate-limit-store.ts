import LocalStore from '@fastify/rate-limit/store/LocalStore.js';
import { countWith } from './fastify-store.ts';
import type { RateLimitStore } from './rate-limit-store.ts';

/** Keys are short: tens of megabytes at most. */
const MOST_KEYS = 50_000;

/** Counts in this process. It keeps so many keys; the one that was not used for longest makes room. */
export function createMemoryRateLimitStore(mostKeys = MOST_KEYS): RateLimitStore {
  let store = new LocalStore(false, false, mostKeys);
  return {
    async take(key, windowMs) {
      const count = await countWith(store, key, windowMs);
      if (count.resetMs <= windowMs) return count;
      // It counts by the time of day, and that was set back: everybody would wait for so much longer.
      store = new LocalStore(false, false, mostKeys);
      return countWith(store, key, windowMs);
    },
    close: async () => undefined,
  };
}
