import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ProcessResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const LAUNCHER = fileURLToPath(new URL('../bin/plexica.js', import.meta.url));

/** Starts the command line as a process of its own, without colours. */
export function startPlexica(
  folder: string,
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const { NODE_OPTIONS, FORCE_COLOR, ...inherited } = process.env;
  return spawn(process.execPath, [LAUNCHER, ...argv], {
    cwd: folder,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the command line to its end. */
export function runPlexica(
  folder: string,
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ProcessResult> {
  const child = startPlexica(folder, argv, environment);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
