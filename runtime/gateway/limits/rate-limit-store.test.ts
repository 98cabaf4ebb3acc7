import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryRateLimitStore } from './memory-rate-limit-store.ts';
import type { RateLimitStore } from './rate-limit-store.ts';
import { createRedisRateLimitStore } from './redis-rate-limit-store.ts';
import { startRedis, type TestRedis, whyNoRedis } from './testing/start-redis.ts';

const skipped = whyNoRedis();
let redis: TestRedis;
beforeAll(async () => {
  if (skipped === undefined) redis = await startRedis();
});
afterAll(() => redis?.kill());

/** What every store must do. */
function contract(open: () => RateLimitStore): void {
  let store: RateLimitStore;
  beforeEach(async () => {
    store = open();
    // A busy machine takes longer to connect than a request waits for.
    await vi.waitFor(() => store.take('first', 1_000), { timeout: 10_000, interval: 100 });
    return () => store.close();
  });

  it('counts by key', async () => {
    expect(await store.take('a', 60_000)).toEqual({ count: 1, resetMs: 60_000 });
    expect((await store.take('a', 60_000)).count).toBe(2);
    expect((await store.take('b', 60_000)).count).toBe(1);
    const { count, resetMs } = await store.take('a', 60_000);
    expect(count).toBe(3);
    expect(resetMs).toBeGreaterThan(50_000);
    expect(resetMs).toBeLessThanOrEqual(60_000);
  });

  it('counts each of many at once', async () => {
    const counts = await Promise.all(Array.from({ length: 100 }, () => store.take('many', 60_000)));
    expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, at) => at + 1),
    );
  });

  it('begins anew when the window is over', async () => {
    await store.take('short', 50);
    await vi.waitFor(async () => expect((await store.take('short', 50)).count).toBe(1), { interval: 60 });
  });

  it('a key is text, whatever is in it', async () => {
    const keys = ['', '__proto__', 'constructor', 'a\r\nSET x 1', '\0', 'ключ', '*', '["a","b"]'];
    for (const key of keys) expect((await store.take(key, 60_000)).count).toBe(1);
    for (const key of keys) expect((await store.take(key, 60_000)).count).toBe(2);
  });
}

describe('in memory', () => {
  contract(createMemoryRateLimitStore);

  it('begins anew when the time of day is set back: nobody waits for longer than a window', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1, 12) });
    try {
      const store = createMemoryRateLimitStore();
      await store.take('a', 60_000);
      vi.setSystemTime(Date.UTC(2026, 0, 1, 11));
      expect(await store.take('a', 60_000)).toEqual({ count: 1, resetMs: 60_000 });
      expect((await store.take('a', 60_000)).count).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps so many keys, those used last', async () => {
    const store = createMemoryRateLimitStore(2);
    for (const key of ['a', 'b', 'a', 'c']) await store.take(key, 60_000);
    expect((await store.take('a', 60_000)).count).toBe(3);
    expect((await store.take('b', 60_000)).count).toBe(1);
  });
});

describe.skipIf(skipped)(`in Redis${skipped === undefined ? '' : `: ${skipped}`}`, () => {
  beforeEach(async () => {
    await redis.kill();
    await redis.restart();
  });
  contract(() => createRedisRateLimitStore(redis.url));

  it('two gateways count together', async () => {
    const stores = [createRedisRateLimitStore(redis.url), createRedisRateLimitStore(redis.url)];
    for (const store of stores) await store.take('shared', 60_000);
    for (const store of stores) await store.take('shared', 60_000);
    expect((await stores[0]?.take('shared', 60_000))?.count).toBe(5);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('fails soon while Redis is away, whatever was before, and counts when it is back', async () => {
    const store = createRedisRateLimitStore(redis.url);
    await redis.kill();
    await failsWithin(store, 1_000);
    await failsWithin(store, 150);
    await redis.restart();
    await vi.waitFor(async () => expect((await store.take('a', 60_000)).count).toBe(1), 3_000);
    await redis.kill();
    await failsWithin(store, 1_000);
    await redis.restart();
    await vi.waitFor(async () => expect((await store.take('a', 60_000)).count).toBe(1), 3_000);
    await store.close();
  });

  it('does not wait for a Redis that takes a connection and says nothing', async () => {
    const store = createRedisRateLimitStore(redis.url);
    redis.pause();
    await failsWithin(store, 1_500);
    redis.resume();
    await vi.waitFor(() => store.take('a', 60_000), 4_000);
    await store.close();
  });

  it('asks a Redis that says nothing now and then, and not for every request', async () => {
    const store = createRedisRateLimitStore(redis.url);
    await store.take('a', 60_000);
    redis.pause();
    await Promise.all([failsWithin(store, 1_000), failsWithin(store, 1_000)]);
    for (let request = 0; request < 20; request += 1) await failsWithin(store, 150);
    redis.resume();
    await vi.waitFor(async () => expect((await store.take('a', 60_000)).count).toBeGreaterThan(1), 4_000);
    await store.close();
  });

  it('opens no connection before the first request', async () => {
    await redis.kill();
    await createRedisRateLimitStore(redis.url).close();
  });
});

async function failsWithin(store: RateLimitStore, ms: number): Promise<void> {
  const startedAt = performance.now();
  await expect(store.take('a', 60_000)).rejects.toThrow();
  expect(performance.now() - startedAt).toBeLessThan(ms);
}
