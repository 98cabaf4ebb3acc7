import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text.ts';
import { LARGEST_FILE } from './limits.ts';

const messages = (bytes: Uint8Array) =>
  decodeText('a/plugin.json', bytes).diagnostics.map(({ message }) => message);

describe('decodeText', () => {
  it('reads UTF-8', () => {
    const { value, diagnostics } = decodeText(
      'a/plugin.json',
      new TextEncoder().encode('{"name": "Ünï 😀"}'),
    );

    expect(value).toEqual({ path: 'a/plugin.json', text: '{"name": "Ünï 😀"}' });
    expect(diagnostics).toEqual([]);
  });

  it.each([
    [
      'a lone continuation byte',
      [0x7b, 0x22, 0x80],
      'a/plugin.json is not UTF-8: byte 2 belongs to no character',
    ],
    ['an overlong slash', [0xc0, 0xaf], 'a/plugin.json is not UTF-8: byte 0 belongs to no character'],
    ['a cut character', [0x7b, 0xe2, 0x82], 'a/plugin.json is not UTF-8: byte 3 belongs to no character'],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00], 'a/plugin.json is UTF-16, not UTF-8'],
  ])('refuses %s', (_, bytes, message) => {
    expect(messages(Uint8Array.from(bytes))).toEqual([message]);
    expect(decodeText('a/plugin.json', Uint8Array.from(bytes)).value).toBeUndefined();
  });

  it('tells of a byte order mark and reads on behind it', () => {
    const { value, diagnostics } = decodeText('plugin.json', Uint8Array.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]));

    expect(value?.text).toBe('{}');
    expect(diagnostics).toMatchObject([{ kind: { code: 'PLX1109' } }]);
  });

  it('takes 1 MiB and not a byte more', () => {
    expect(messages(new Uint8Array(LARGEST_FILE).fill(0x20))).toEqual([]);
    expect(messages(new Uint8Array(LARGEST_FILE + 1).fill(0x20))).toEqual([
      'a/plugin.json is larger than 1 MiB',
    ]);
  });
});
