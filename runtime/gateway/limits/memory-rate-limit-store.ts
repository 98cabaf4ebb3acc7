import LocalStore from '@fastify/rate-limit/store/LocalStore.js';
import { countWith } from './fastify-store.ts';
import type { RateLimitStore } from './rate-limit-store.ts';

/** Keys are short: tens of megabytes at most. */
const MOST_KEYS = 50_000;

/** Counts in this process. It keeps so many keys; the one that was not used for longest makes room. */
export function createMemoryRateLimitStore(mostKeys = MOST_KEYS): RateLimitStore {
  const store = new LocalStore(false, false, mostKeys);
  return {
    take: (key, windowMs) => countWith(store, key, windowMs),
    close: async () => undefined,
  };
}
