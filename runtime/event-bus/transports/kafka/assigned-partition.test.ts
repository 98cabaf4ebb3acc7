import { describe, expect, it } from 'vitest';
import { assignPartition, dueOf, mayBegin } from './assigned-partition.ts';

describe('an assigned partition', () => {
  it('begins where the group has committed, and with what overlaps', () => {
    const place = assignPartition('topic', 0, 50n);

    expect(mayBegin(place, 50n)).toBe(true);
    expect(mayBegin(place, 40n)).toBe(true);
    expect(place.next).toBe(50n);
  });

  it('does not take a batch of the generation before, which would skip what is not settled', () => {
    const place = assignPartition('topic', 0, 50n);

    expect(mayBegin(place, 100n)).toBe(false);
    expect(place.next).toBe(50n);
    expect(mayBegin(place, 50n)).toBe(true);
  });

  it('takes what comes from the right place, where what lies between is no longer kept', () => {
    const place = assignPartition('topic', 0, 50n);
    mayBegin(place, 100n);

    expect(mayBegin(place, 100n)).toBe(true);
    expect(place.next).toBe(100n);
    // It is asked once for each place, and not once for ever.
    expect(mayBegin(place, 200n)).toBe(false);
  });

  it('has nothing to commit twice', () => {
    const place = assignPartition('topic', 0, 50n);
    expect(dueOf(place)).toBeUndefined();
    place.tracker.add(50n, 0);
    expect(dueOf(place)).toBe(50n);
    place.committed = 50n;
    expect(dueOf(place)).toBeUndefined();
    place.tracker.settle(50n);
    expect(dueOf(place)).toBe(51n);
  });
});
