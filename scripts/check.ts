/** `make check`: every static check, all of them even when one fails. */
import { spawnSync } from 'node:child_process';

const CHECKS: readonly (readonly [name: string, ...command: string[]])[] = [
  ['format and lint', 'biome', 'check', '--error-on-warnings', '.'],
  ['types', 'tsc', '-p', '.'],
  ['unused code', 'knip'],
  ['generated types', 'node', 'schemas/generate.ts', '--check'],
  ['generated files', 'node', 'compiler/bin/plexica.js', 'build', '--check'],
  ['packages', 'node', 'scripts/check-packages.ts'],
];

const failed = CHECKS.filter(([name, command, ...args]) => {
  const { status, stdout, stderr } = spawnSync(command ?? '', args, { encoding: 'utf8' });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'}  ${name}`);
  if (status !== 0) console.log(`${stdout}${stderr}`);
  return status !== 0;
});

if (failed.length > 0) {
  console.error(`make check: failed: ${failed.map(([name]) => name).join(', ')}`);
  process.exitCode = 1;
}
