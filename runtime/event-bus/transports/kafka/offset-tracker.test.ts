import { expect, it } from 'vitest';
import { createOffsetTracker } from './offset-tracker.ts';

it('says where to begin again: at the oldest that is not settled', () => {
  const tracker = createOffsetTracker();
  expect(tracker.position).toBeUndefined();
  for (const offset of [5n, 6n, 9n]) tracker.add(offset, Number(offset) * 100);
  expect(tracker.position).toBe(5n);
  tracker.settle(6n);
  expect(tracker.position).toBe(5n);
  expect(tracker.oldest).toBe(500);
  tracker.settle(5n);
  expect(tracker.position).toBe(9n);
  tracker.settle(9n);
  tracker.settle(9n);
  expect(tracker.position).toBe(10n);
  expect(tracker.oldest).toBeUndefined();
});
