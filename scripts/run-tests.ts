/** `make test`: the static checks, then all tests; says in one plain line how many passed and failed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

const checked = spawnSync('node', ['scripts/check.ts'], { stdio: 'inherit' }).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'plexica-tests-'));
const reportFile = join(folder, 'report.json');
const { status } = spawnSync(
  'vitest',
  [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
const report = readReport();
rmSync(folder, { recursive: true, force: true });

const crashed = status !== 0 && report.numFailedTests === 0;
const failed = report.numFailedTests + Number(crashed) + Number(!checked);
const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : '';
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped}`);
process.exitCode = failed === 0 ? 0 : 1;

/** A run that died before it could report counts as one failure. */
function readReport(): Report {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 };
  }
}
