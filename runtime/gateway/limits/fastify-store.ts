import type { FastifyRateLimitStore } from '@fastify/rate-limit';
import type { Count } from './rate-limit-store.ts';

/**
 * Counts with a store of @fastify/rate-limit. Its stores count, which is the part of it that needs care; its limiter
 * wants a request of Fastify, and decides before the caller of a request is known.
 */
export function countWith(store: FastifyRateLimitStore, key: string, windowMs: number): Promise<Count> {
  return new Promise((resolve, reject) => {
    store.incr(
      key,
      (error, result) => {
        if (error !== null || result === undefined) reject(error ?? new Error('nothing was counted'));
        else resolve({ count: result.current, resetMs: Math.max(0, result.ttl) });
      },
      windowMs,
      // The store's own idea of a limit serves its bans and growing windows, which are not used.
      Number.MAX_SAFE_INTEGER,
    );
  });
}
