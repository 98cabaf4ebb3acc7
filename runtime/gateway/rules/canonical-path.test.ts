import { expect, it } from 'vitest';
import { canonicalTarget } from './canonical-path.ts';

it.each([
  ['/a/b', '/a/b', ''],
  ['/a/', '/a/', ''],
  ['/', '/', ''],
  ['/a?x=%zz&y=1?2/../', '/a', '?x=%zz&y=1?2/../'],
  ['/a?', '/a', '?'],
  ['/%63ontacts', '/contacts', ''],
  ['/%41%7E%5F%2D', '/A~_-', ''],
  ['/caf%c3%a9', '/caf%C3%A9', ''],
  ['/%40me', '/%40me', ''],
  ['/100%25', '/100%25', ''],
  ['/a%20b', '/a%20b', ''],
  ["/a!$&'()*+,=:@", "/a!$&'()*+,=:@", ''],
  ['/a|b[c]^d', '/a|b[c]^d', ''],
  ['/...', '/...', ''],
  ['/..a/b..', '/..a/b..', ''],
  ['/a%3Bb', '/a%3Bb', ''],
])('%s is read as %s', (target, path, query) => {
  expect(canonicalTarget(target)).toEqual({ path, query });
});

it.each([
  ['a backslash', '/a\\b'],
  ['an escaped backslash', '/a%5cb'],
  ['an escaped backslash in upper case', '/a%5Cb'],
  ['an escaped slash', '/a%2fb'],
  ['an escaped slash in upper case', '/a%2Fb'],
  ['a dot segment', '/a/./b'],
  ['a dot segment at the end', '/a/..'],
  ['dots with an escape', '/a/.%2e/b'],
  ['escaped dots', '/a/%2e%2E/b'],
  ['dots with parameters', '/a/..%3bx/b'],
  ['a parameter', '/a;x=1'],
  ['parameters behind dots', '/a/..;/b'],
  ['two slashes', '/a//b'],
  ['two slashes first', '//evil.example/a'],
  ['a NUL', '/a%00'],
  ['a line break', '/a%0d%0ab'],
  ['a raw control byte', '/a\x01'],
  ['DEL', '/a%7f'],
  ['a raw byte above ASCII', '/caf\xe9'],
  ['a space', '/a b'],
  ['an escape cut short', '/a%2'],
  ['an escape of no number', '/a%zz'],
  ['a lone percent sign', '/a%'],
  ['a slash escaped twice', '/a%252fb'],
  ['a backslash escaped twice', '/a%255cb'],
  ['dots escaped twice', '/a/%252e%252e/b'],
  ['a NUL escaped twice', '/a%2500'],
  ['a slash escaped three times', '/a%25252fb'],
  ['an overlong slash', '/a%c0%afb'],
  ['an overlong dot', '/a/%c0%ae%c0%ae/b'],
  ['half a character', '/a%c3'],
  ['a surrogate', '/a%ed%a0%80'],
  ['an absolute target', 'http://evil.example/a'],
  ['an authority', 'evil.example:443'],
  ['an asterisk', '*'],
  ['nothing', ''],
  ['a fragment', '/a#b'],
  ['a fragment in the query', '/a?b#c'],
  ['a control byte in the query', '/a?b=\x01'],
  ['a space in the query', '/a?b= c'],
  ['a raw byte above ASCII in the query', '/a?q=\xe9'],
])('%s is refused', (_, target) => {
  expect(() => canonicalTarget(target)).toThrow(expect.objectContaining({ code: 'bad-path', status: 400 }));
});

it('is settled after one reading', () => {
  for (const target of ['/%63ontacts/caf%c3%a9', '/a%3bb', '/%2541']) {
    let path: string;
    try {
      ({ path } = canonicalTarget(target));
    } catch {
      continue;
    }
    expect(canonicalTarget(path).path).toBe(path);
  }
});
