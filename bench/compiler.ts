import { spawnSync } from 'node:child_process';
import { alternate, median } from './measure.ts';

const ROUNDS = 7;

interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
}

const CONTESTANTS: readonly Contestant[] = [
  { name: 'plexica build', command: ['compiler/bin/plexica.js', 'build'] },
  { name: 'plexica check', command: ['compiler/bin/plexica.js', 'check'] },
  { name: 'node, doing nothing', command: ['--eval', '0'] },
];

/** Wall time of whole cold processes on the manifests of this repository, in milliseconds. */
export async function benchmarkCompiler(): Promise<string> {
  const measurements = await alternate(CONTESTANTS, ROUNDS, async ({ command }) => run(command));
  const lines = [...measurements].map(
    ([{ name }, times]) => `  ${name.padEnd(22)} ${median(times).toFixed(0).padStart(6)} ms`,
  );
  return ['Cold processes on the three example manifests (median wall time)', ...lines, ''].join('\n');
}

function run(command: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')} failed:\n${stderr}`);
  return performance.now() - start;
}
