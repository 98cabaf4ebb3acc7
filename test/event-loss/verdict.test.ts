import { describe, expect, it } from 'vitest';
import type { EventRecord } from './records.ts';
import { judge } from './verdict.ts';

describe('the verdict on a run', () => {
  const accepted = [1, 2, 3].map((n) => record(n, 0));

  it('is clean where all are handled in order, by whichever replica wrote first', () => {
    expect(judge(accepted, [record(3, 30), record(1, 10), record(2, 20)])).toEqual({
      accepted: 3,
      handled: 3,
      lost: [],
      outOfOrder: [],
      strange: [],
      duplicates: 0,
    });
  });

  it('finds what was never handled', () => {
    expect(judge(accepted, [record(1, 10), record(3, 30)]).lost).toEqual(['plugin-red acme 2']);
  });

  it('finds what was first handled after a later one, and takes repetitions for no disorder', () => {
    const verdict = judge(accepted, [record(1, 10), record(3, 20), record(2, 30), record(1, 40)]);
    expect(verdict).toMatchObject({ outOfOrder: ['plugin-red acme 2'], duplicates: 1 });
  });

  it('looks at each tenant and source for itself', () => {
    const handled = [
      record(3, 10),
      { ...record(1, 20), tenant: 'globex' },
      { ...record(2, 30), source: 'other' },
    ];
    expect(judge([], handled).outOfOrder).toEqual([]);
  });

  it('finds what nobody published, and what came with another id', () => {
    const handled = [record(4, 10), { ...record(1, 20), id: 'another' }];
    expect(judge(accepted, handled).strange).toEqual(['plugin-red acme 4', 'plugin-red acme 1']);
  });
});

function record(n: number, at: number): EventRecord {
  return { at: BigInt(at), tenant: 'acme', source: 'plugin-red', n, id: `id-${n}` };
}
