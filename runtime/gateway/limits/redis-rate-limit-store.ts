import RedisStore from '@fastify/rate-limit/store/RedisStore.js';
import { Redis } from 'ioredis';
import { type Clock, systemClock } from '../instances/clock.ts';
import { countWith } from './fastify-store.ts';
import type { RateLimitStore } from './rate-limit-store.ts';

const PREFIX = 'plexica:rate-limit:';

/** In milliseconds. A request waits at most for one connection and one answer, and while Redis is silent for neither. */
const TIMES = {
  connect: 250,
  answer: 250,
  dead: 2_000,
  silence: 500,
  mostBetweenConnections: 2_000,
} as const;

/**
 * Counts in Redis, so that gateways count together. The connection is opened by the first request. While Redis is away
 * or says nothing, `take` fails at once; one request each half second tries whether it is back.
 */
export function createRedisRateLimitStore(
  url: URL,
  clock: Pick<Clock, 'now' | 'after'> = systemClock,
): RateLimitStore {
  const redis = new Redis(url.href, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    connectTimeout: TIMES.connect,
    commandTimeout: TIMES.answer,
    socketTimeout: TIMES.dead,
    retryStrategy: (times) => Math.min(times * 100, TIMES.mostBetweenConnections),
  });
  // Without a listener, ioredis writes to the console. What fails is said by those who asked.
  redis.on('error', () => undefined);
  const store = new RedisStore(false, false, redis, PREFIX);
  let connecting: Promise<void> | undefined;
  /** When Redis may be asked again, while it is silent. */
  let silentUntil: number | undefined;

  return {
    async take(key, windowMs) {
      if (silentUntil !== undefined) {
        if (clock.now() < silentUntil) throw new Error('Redis did not answer in time');
        silentUntil = clock.now() + TIMES.silence;
      }
      connecting ??= firstConnection();
      await connecting;
      try {
        // The library goes on trying by itself.
        if (redis.status !== 'ready') throw new Error('there is no connection to Redis');
        const count = await countWith(store, key, windowMs);
        silentUntil = undefined;
        return count;
      } catch (error) {
        silentUntil ??= clock.now() + TIMES.silence;
        throw error;
      }
    },
    async close() {
      redis.disconnect();
    },
  };

  /** Settles when there is a connection, or after a while: some take one, and say nothing. */
  function firstConnection(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(TIMES.connect, resolve);
      redis
        .connect()
        .catch(() => undefined)
        .finally(() => {
          cancel();
          resolve();
        });
    });
  }
}
