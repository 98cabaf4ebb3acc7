/** Builds every publishable package and has publint judge what `npm pack` would ship. */
import { spawnSync } from 'node:child_process';
import { packages } from './packages.ts';

for (const folder of packages) {
  run('npm', ['run', 'prepack', '--silent'], folder);
  run('publint', ['--strict', '--pack', 'npm'], folder);
}

function run(command: string, args: readonly string[], folder: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  if (status === 0) return;
  console.error(`${folder}: ${command} ${args.join(' ')}\n${stdout}${stderr}`);
  process.exitCode = 1;
}
