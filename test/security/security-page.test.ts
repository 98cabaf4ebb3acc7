import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');

/** The rows of all tables, without their heads. */
const rows = PAGE.split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (?:threat|---)/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const testsIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);

it('has a table for requests, plugins and manifests', () => {
  expect(rows.length).toBeGreaterThan(20);
});

it.each(rows.map((row) => [row[0] ?? '', row] as const))(
  '%s: is met by something, and held by a test',
  (_, row) => {
    expect(row).toHaveLength(3);
    for (const cell of row) expect(cell).not.toBe('');
    const tests = testsIn(row[2] ?? '');
    expect(tests).not.toEqual([]);
    for (const path of tests) {
      expect(path).toMatch(/\.test\.ts$/);
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
    }
  },
);

it('names every scenario of the suite', () => {
  const named = new Set(rows.flatMap((row) => testsIn(row[2] ?? '')));
  const scenarios = globSync('test/security/*.test.ts', { cwd: ROOT }).filter(
    (path) => !path.endsWith('security-page.test.ts'),
  );
  expect(scenarios.filter((path) => !named.has(path))).toEqual([]);
});
