import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SetupError } from '../errors.ts';
import type { StoredKey } from './key-file.ts';
import { removeKey, rotateKeys } from './rotate-keys.ts';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 0, 1, 12);
const key = (kid: string, hoursAgo: number | undefined): StoredKey => ({
  kid,
  secret: createSecretKey(Buffer.alloc(32, kid)),
  madeAt: hoursAgo === undefined ? undefined : NOON - hoursAgo * HOUR,
});
const fresh = key('new', 0);
const kidsOf = (keys: readonly StoredKey[]) => keys.map(({ kid }) => kid);

describe('rotateKeys', () => {
  it.each<[string, readonly StoredKey[], number, string[], string[]]>([
    ['one that signed until now stays', [key('a', 9999)], 24, ['new', 'a'], []],
    [
      'one that was replaced yesterday stays, an older one goes',
      [key('c', 23), key('b', 25), key('a', 99)],
      24,
      ['new', 'c', 'b'],
      ['a'],
    ],
    ['the limit itself is too long ago', [key('b', 24), key('a', 99)], 24, ['new', 'b'], ['a']],
    ['none but the new one is left after no time', [key('b', 1), key('a', 2)], 0, ['new'], ['b', 'a']],
    ['none is left that the file says nothing of, after no time', [key('a', undefined)], 0, ['new'], ['a']],
    [
      'where a time is missing, a newer one counts',
      [key('d', undefined), key('c', 30), key('b', undefined), key('a', undefined)],
      24,
      ['new', 'd', 'c'],
      ['b', 'a'],
    ],
  ])('%s', (_, keys, hours, kept, dropped) => {
    const rotation = rotateKeys(keys, fresh, hours * HOUR);
    expect(kidsOf(rotation.keys)).toEqual(kept);
    expect(kidsOf(rotation.dropped)).toEqual(dropped);
  });
});

describe('removeKey', () => {
  const keys = [key('b', 1), key('a', 2)];

  it.each([
    ['a', ['b']],
    ['b', ['a']],
  ])('takes %s out', (kid, left) => {
    expect(kidsOf(removeKey(keys, kid))).toEqual(left);
  });

  it('refuses the last one, and says what to do', () => {
    expect(() => removeKey([key('a', 1)], 'a')).toThrow(SetupError);
    expect(() => removeKey([key('a', 1)], 'a')).toThrow('`plexica keys rotate`');
  });

  it('refuses one that is not there, and says which are', () => {
    expect(() => removeKey(keys, 'c')).toThrow('there is no key "c": there are b, a');
  });
});
