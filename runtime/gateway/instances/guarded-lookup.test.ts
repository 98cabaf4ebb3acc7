import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { guardedLookup, isLinkLocal } from './guarded-lookup.ts';

describe('isLinkLocal', () => {
  it.each<[string, boolean]>([
    ['169.254.169.254', true],
    ['169.254.0.1', true],
    ['fe80::1', true],
    ['febf::1', true],
    ['fd00:ec2::254', true],
    ['100.100.100.200', true],
    ['::ffff:169.254.169.254', true],
    ['::ffff:a9fe:a9fe', true],
    ['168.63.129.16', true],
    ['192.0.0.192', true],
    ['fd00:ec2::23', true],
    ['fd20:ce::254', true],
    ['64:ff9b::a9fe:a9fe', true],
    ['64:ff9b::169.254.169.254', true],
    ['64:ff9b::192.0.2.1', false],
    ['2002:a9fe:a9fe::1', true],
    ['2002:c000:201::1', false],
    ['::169.254.169.254', true],
    ['127.0.0.1', false],
    ['10.0.0.1', false],
    ['::1', false],
    ['169.253.1.1', false],
  ])('%s: %s', (address, expected) => {
    expect(isLinkLocal(address)).toBe(expected);
  });
});

describe('guardedLookup', () => {
  const metadata: LookupAddress = { address: '169.254.169.254', family: 4 };
  const local: LookupAddress = { address: '127.0.0.1', family: 4 };

  it.each<[string, LookupAddress[], boolean, unknown[]]>([
    ['all addresses', [local], true, [null, [local]]],
    ['one address', [local], false, [null, '127.0.0.1', 4]],
    ['the allowed ones alone', [metadata, local], true, [null, [local]]],
    ['the first allowed one', [metadata, local], false, [null, '127.0.0.1', 4]],
  ])('hands out %s', (_name, resolved, all, expected) => {
    expect(look(resolved, all)).toEqual(expected);
  });

  it('fails when a name leads nowhere else', () => {
    expect(look([metadata], true)[0]).toMatchObject({ code: 'EADDRFORBIDDEN' });
  });

  it('resolves real names', async () => {
    const addresses = await new Promise((resolve) => {
      guardedLookup()('localhost', { all: true }, (_error, found) => resolve(found));
    });
    expect(addresses).not.toEqual([]);
  });
});

function look(resolved: LookupAddress[], all: boolean): unknown[] {
  let result: unknown[] = [];
  const lookup = guardedLookup((_hostname, _options, done) => done(null, resolved));
  lookup('plugin.example', { all }, (...answer) => {
    result = answer;
  });
  return result;
}
