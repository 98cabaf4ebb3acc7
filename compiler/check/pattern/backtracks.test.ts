import { describe, expect, it } from 'vitest';
import { backtracks } from './backtracks.ts';

describe('backtracks', () => {
  it.each([
    '(a+)+$',
    '^(a|a)*$',
    '(a|aa)+$',
    '^(a*)*$',
    '(\\w+\\s?)*$',
    '([a-zA-Z0-9]+\\s*)+$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(.*)*x',
    '(a{1,10}){1,10}',
    '(x+x+)+y',
    '(?:\\p{L}+|é)+$',
    '(?<word>\\w+[^-])*$',
    '^(?:[a-z]{2,}|[0-9a-f]{2,})*$',
    '(?=(a+)+$)b',
    '([)]|[()])*$',
  ])('is true of %s', (pattern) => {
    expect(backtracks(pattern)).toBe(true);
  });

  it.each([
    '',
    '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
    '^\\d{4}-\\d{2}-\\d{2}$',
    '^(GET|POST|PUT) /',
    '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$',
    '^(?:[0-9a-f]{4}:){7}[0-9a-f]{4}$',
    '^#(?:[0-9a-fA-F]{3}){1,2}$',
    '^\\p{L}+( \\p{L}+)*$',
    '.*foo.*',
    '^(?=.*[A-Z])(?=.*\\d).{8,}$',
    '^(?:a|b|[c-e])*$',
    '^(?:"(?:[^"\\\\]|\\\\.)*",?)*$',
    '^([1-9]\\d*,)+?;$',
    '^[()]*(?:[(][)])*$',
    '^(?:\\u0061-|b)*$',
  ])('is false of %s', (pattern) => {
    expect(backtracks(pattern)).toBe(false);
  });

  it('calls what is too complex unsafe, in bounded time', () => {
    expect(backtracks(`(${'a?'.repeat(500)})*$`)).toBe(true);
    expect(backtracks(`^(?:${Array.from({ length: 180 }, () => '[a-z]-').join('')})*$`)).toBe(false);
  });
});
