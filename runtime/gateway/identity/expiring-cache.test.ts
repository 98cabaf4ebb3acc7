import { expect, it } from 'vitest';
import { createExpiringCache } from './expiring-cache.ts';

it('forgets what has expired', () => {
  let now = 0;
  const cache = createExpiringCache<string>(10, () => now);
  cache.set('a', 'A', 100);
  now = 99;
  expect(cache.get('a')).toBe('A');
  now = 100;
  expect(cache.get('a')).toBeUndefined();
});

it('holds so much and no more: what was not used for longest goes', () => {
  const cache = createExpiringCache<string>(2, () => 0);
  cache.set('a', 'A', 1);
  cache.set('b', 'B', 1);
  expect(cache.get('a')).toBe('A');
  cache.set('c', 'C', 1);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['A', undefined, 'C']);
});
