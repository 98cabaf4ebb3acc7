import { expect, it } from 'vitest';
import { retryDelay } from './retry-delay.ts';

const policy = { attempts: 8, initial: 500, max: 30_000 };

it.each([
  [1, 250, 500],
  [2, 500, 1_000],
  [5, 4_000, 8_000],
  [7, 15_000, 30_000],
  [60, 15_000, 30_000],
  [5_000, 15_000, 30_000],
])('waits after attempt %i between %i and %i ms', (attempt, least, most) => {
  expect(retryDelay(policy, attempt, 0)).toBe(least);
  expect(retryDelay(policy, attempt, 1)).toBe(most);
});
