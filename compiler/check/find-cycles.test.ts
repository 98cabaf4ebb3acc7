import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycles } from './find-cycles.ts';

const arrows = (...pairs: string[]) =>
  pairs.map((pair) => ({ from: pair.charAt(0), to: pair.charAt(1), origin: pair }));
const names = (...pairs: string[]) =>
  findCycles(arrows(...pairs)).map((cycle) => cycle.map(({ from }) => from).join(''));

describe('findCycles', () => {
  it.each<[string, string[], string[]]>([
    ['none', ['ab', 'bc', 'ac'], []],
    ['itself', ['aa'], ['a']],
    ['the smallest name first', ['cb', 'bc'], ['bc']],
    ['two through one name', ['ab', 'ba', 'ac', 'ca'], ['ab', 'ac']],
    ['a short one inside a long one', ['ab', 'bc', 'cd', 'da', 'ba'], ['ab', 'abcd']],
    ['two apart', ['ab', 'ba', 'xy', 'yx'], ['ab', 'xy']],
    ['the same arrow twice', ['ab', 'ab', 'ba'], ['ab']],
  ])('finds %s', (_, pairs, cycles) => {
    expect(names(...pairs)).toEqual(cycles);
  });

  it('covers every arrow that lies on a cycle, with cycles only', () => {
    const arrow = fc
      .tuple(fc.constantFrom(...'abcde'), fc.constantFrom(...'abcde'))
      .map((pair) => pair.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(arrow, { maxLength: 12 }), (pairs) => {
        const cycles = findCycles(arrows(...pairs));
        for (const cycle of cycles) {
          for (const [index, { to }] of cycle.entries())
            expect(to).toBe(cycle[(index + 1) % cycle.length]?.from);
          expect(new Set(cycle.map(({ from }) => from)).size).toBe(cycle.length);
        }
        const covered = new Set(cycles.flat().map(({ from, to }) => from + to));
        expect([...covered].sort()).toEqual(pairs.filter((pair) => returns(pair, pairs)).sort());
      }),
    );
  });

  it('stays short for things that all reach each other', () => {
    const all = Array.from({ length: 200 }, (_, index) => `n${index}`);
    const mesh = all.flatMap((from) => all.map((to) => ({ from, to, origin: undefined })));

    expect(findCycles(mesh)).toHaveLength(20);
  });
});

/** Whether a way leads from an arrow's end back to its start. */
function returns(pair: string, pairs: readonly string[]): boolean {
  const reached = new Set([pair.charAt(1)]);
  for (let size = 0; size < reached.size; ) {
    size = reached.size;
    for (const each of pairs) if (reached.has(each.charAt(0))) reached.add(each.charAt(1));
  }
  return reached.has(pair.charAt(0));
}
