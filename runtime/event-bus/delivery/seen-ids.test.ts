import { expect, it } from 'vitest';
import { createSeenIds } from './seen-ids.ts';

it('remembers so many, by source and id, and forgets the oldest first', () => {
  const seen = createSeenIds(2);
  seen.add('plugin-a', '1');
  seen.add('plugin-b', '1');
  expect(seen.has('plugin-a', '1')).toBe(true);
  expect(seen.has('plugin-c', '1')).toBe(false);
  seen.add('plugin-c', '1');
  expect(seen.has('plugin-a', '1')).toBe(false);
  expect(seen.has('plugin-b', '1')).toBe(true);
});
