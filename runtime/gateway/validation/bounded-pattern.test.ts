import { expect, it } from 'vitest';
import { boundedPattern, LONGEST_MATCHED } from './bounded-pattern.ts';

it.each([
  '\\S',
  '^[A-Za-z0-9+/=]+$',
  '^data:image/png;base64,[A-Za-z0-9+/=]*',
  '^(?:a|b)$',
  '^\\p{Lu}[^*+]+',
])('%s is tried on texts of any length', (pattern) => {
  const long = `${pattern.startsWith('^data') ? 'data:image/png;base64,' : ''}${'A'.repeat(1_000_000)}`;
  expect(boundedPattern(pattern, 'u').test(long)).toBe(new RegExp(pattern, 'u').test(long));
});

it.each(['.*a.*b', 'a+', '^(?:a+){1,50}$', '^a|b+', '^\\d{3}-\\d{4}$', '(?<=x*)a'])(
  '%s is tried on short texts alone',
  (pattern) => {
    const began = performance.now();
    expect(boundedPattern(pattern, 'u').test('x'.repeat(1_000_000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(50);
  },
);

it('matches as it would without bounds', () => {
  const pattern = boundedPattern('^[a-z]+(?:-[a-z]+)*$', 'u');
  expect(pattern.test('a-b-c')).toBe(true);
  expect(pattern.test('a--b')).toBe(false);
  expect(pattern.test('a'.repeat(LONGEST_MATCHED))).toBe(true);
  expect(pattern.test('a'.repeat(LONGEST_MATCHED + 1))).toBe(false);
});
