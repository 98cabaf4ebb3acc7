import { expect, it } from 'vitest';
import { type Candidate, chooseInstance } from './choose-instance.ts';
import type { Instance } from './instance.ts';

it('nothing to choose from', () => {
  expect(chooseInstance([], 0)).toBeUndefined();
});

it('equals take turns', () => {
  const candidates = [candidate('a'), candidate('b'), candidate('c')];
  expect([0, 1, 2, 3].map((turn) => idOf(candidates, turn))).toEqual(['a', 'b', 'c', 'a']);
});

it('the least busy one is chosen', () => {
  const candidates = [
    candidate('a', { pending: 2 }),
    candidate('b', { pending: 1 }),
    candidate('c', { pending: 3 }),
  ];
  expect([0, 1, 2].map((turn) => idOf(candidates, turn))).toEqual(['b', 'b', 'b']);
});

it('a degraded one gets traffic when it is alone, or when the others are busy', () => {
  const degraded = candidate('degraded', { degraded: true });
  expect(idOf([degraded], 0)).toBe('degraded');
  expect(idOf([degraded, candidate('idle')], 0)).toBe('idle');
  expect(idOf([degraded, candidate('busy', { pending: 5 })], 0)).toBe('degraded');
});

it('one that was tried is left out, as is one whose circuit lets nothing through', () => {
  const [one, two] = [candidate('one'), candidate('two', { pending: 9 })];
  expect(idOf([one, two], 0, [one.instance])).toBe('two');
  expect(idOf([one, two], 0, [one.instance, two.instance])).toBeUndefined();
  expect(idOf([candidate('probed', { admits: false }), two], 0)).toBe('two');
  expect(idOf([candidate('probed', { admits: false })], 0)).toBeUndefined();
});

function idOf(candidates: readonly Candidate[], turn: number, tried?: readonly Instance[]) {
  return chooseInstance(candidates, turn, tried)?.instance.id;
}

function candidate(id: string, rest: Partial<Candidate> = {}): Candidate {
  // Which instance it is matters here, and nothing else of it.
  const instance = { id } as Instance;
  return { instance, degraded: false, pending: 0, admits: true, ...rest };
}
