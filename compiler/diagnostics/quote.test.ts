import { expect, it } from 'vitest';
import { quote } from './quote.ts';

it.each([
  ['plain', '"plain"'],
  ['a\nb\tc', '"a\\nb\\tc"'],
  ['\u001b[31mred', '"\\u{1b}[31mred"'],
  ['right\u202eleft', '"right\\u{202e}left"'],
  ['line\u2028end', '"line\\u{2028}end"'],
  ['half \ud800', '"half \\u{d800}"'],
  ['Ünï 😀', '"Ünï 😀"'],
  ['x'.repeat(61), `"${'x'.repeat(59)}…"`],
])('%j', (text, quoted) => {
  expect(quote(text)).toBe(quoted);
});
