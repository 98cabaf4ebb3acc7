import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KNOWN_PATTERNS } from './known-patterns.ts';

it.each(['plugin-manifest', 'workspace'])('has words for every pattern of %s.schema.json', (name) => {
  const url = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
  const patterns: string[] = [];
  JSON.parse(readFileSync(url, 'utf8'), (key, value) => {
    if (key === 'pattern' && typeof value === 'string') patterns.push(value);
    return value;
  });

  expect(patterns.length).toBeGreaterThan(0);
  expect(patterns.filter((pattern) => !KNOWN_PATTERNS.has(pattern))).toEqual([]);
});

it.each([...KNOWN_PATTERNS])('gives an example that fits %s', (pattern, { example }) => {
  expect(example).toMatch(new RegExp(pattern, 'u'));
});
