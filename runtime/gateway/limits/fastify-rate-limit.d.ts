// The stores of @fastify/rate-limit: they are part of the package, and its types leave them out.

declare module '@fastify/rate-limit/store/LocalStore.js' {
  import type { FastifyRateLimitStore } from '@fastify/rate-limit';

  const LocalStore: new (
    continueExceeding: boolean,
    exponentialBackoff: boolean,
    /** The most keys; the one that was not used for longest makes room. */
    cache: number,
  ) => FastifyRateLimitStore;
  export = LocalStore;
}

declare module '@fastify/rate-limit/store/RedisStore.js' {
  import type { FastifyRateLimitStore } from '@fastify/rate-limit';
  import type { Redis } from 'ioredis';

  const RedisStore: new (
    continueExceeding: boolean,
    exponentialBackoff: boolean,
    redis: Redis,
    /** Before every key. */
    prefix: string,
  ) => FastifyRateLimitStore;
  export = RedisStore;
}
