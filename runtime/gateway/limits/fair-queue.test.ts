import { expect, it } from 'vitest';
import { createFairQueue, type Queued } from './fair-queue.ts';

interface Named extends Queued {
  readonly name: string;
}

/** `a1` is the first of tenant a. */
const named = (name: string): Named => ({ name, tenantId: name[0] ?? '' });

function fill(names: readonly string[], most = 100) {
  const queue = createFairQueue<Named>();
  const dropped = names.map((name) => queue.add(named(name), most)?.name);
  return { queue, dropped };
}

function drain(queue: ReturnType<typeof createFairQueue<Named>>): string[] {
  const order: string[] = [];
  for (let next = queue.next(); next !== undefined; next = queue.next()) order.push(next.name);
  return order;
}

it.each([
  [
    ['a1', 'a2', 'a3'],
    ['a1', 'a2', 'a3'],
  ],
  [
    ['a1', 'a2', 'a3', 'b1', 'c1', 'c2'],
    ['a1', 'b1', 'c1', 'a2', 'c2', 'a3'],
  ],
  [[], []],
])('%j leave as %j', (added, expected) => {
  const { queue } = fill(added);
  expect(queue.length).toBe(added.length);
  expect(drain(queue)).toEqual(expected);
  expect(queue.length).toBe(0);
});

it('one that comes again stands behind the tenants that wait', () => {
  const { queue } = fill(['a1', 'b1']);
  expect(queue.next()?.name).toBe('a1');
  queue.add(named('a2'), 100);
  expect(drain(queue)).toEqual(['b1', 'a2']);
});

it('one that is taken out is not served, nor counted twice', () => {
  const queue = createFairQueue<Named>();
  const [first, second] = [named('a1'), named('a2')];
  queue.add(first, 100);
  queue.add(second, 100);
  queue.remove(first);
  queue.remove(first);
  expect(queue.length).toBe(1);
  expect(drain(queue)).toEqual(['a2']);
});

it.each([
  ['a tenant alone finds no more room', ['a1', 'a2', 'a3'], 2, ['a3']],
  ['a longer line gives way, its last first', ['a1', 'a2', 'a3', 'b1', 'b2'], 3, ['a3', 'b2']],
  ['lines of the same length give nothing', ['a1', 'b1', 'c1'], 2, ['c1']],
  ['no queue at all', ['a1'], 0, ['a1']],
])('a full queue: %s', (_, added, most, expected) => {
  const { queue, dropped } = fill(added, most);
  expect(dropped.filter((name) => name !== undefined)).toEqual(expected);
  expect(queue.length).toBe(added.length - expected.length);
});
