import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../package-root.ts';
import type { DelegatedCommand, Io } from './command.ts';

/** Looked up where it is needed: the compiler does not depend on it. */
const GATEWAY = '@plexica/gateway';

const MISSING =
  `plexica: ${GATEWAY} is not installed, and it carries out this command\n` +
  `  = help: npm install ${GATEWAY}\n`;

/** Commands of the gateway's own command line, which runs as a process of its own. */
export const start = gatewayCommand('start', 'run the gateway on the compiled route table');
export const token = gatewayCommand('token', 'make a token for trying things, for a user or a plugin');
export const events = gatewayCommand('events', 'show events, list dead letters, replay one');
export const keys = gatewayCommand('keys', "list the gateway's signing keys, make a new one, remove one");

function gatewayCommand(name: string, summary: string): DelegatedCommand {
  return {
    name,
    summary,
    async delegate(argv, io) {
      const program = findGateway(io.workingFolder);
      if (program === undefined) {
        io.err(MISSING);
        return 2;
      }
      return runProgram([program, name, ...argv], io);
    },
  };
}

/** The gateway's program, as the working folder's packages have it, or else this package's neighbours. */
function findGateway(workingFolder: string): string | undefined {
  for (const from of [
    pathToFileURL(join(workingFolder, 'package.json')),
    new URL('package.json', packageRoot),
  ]) {
    const manifest = findPackage(from);
    if (manifest === undefined) continue;
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    const program = typeof bin === 'string' ? bin : bin?.['plexica-gateway'];
    if (typeof program !== 'string') continue;
    const path = join(dirname(manifest), program);
    if (existsSync(path)) return path;
  }
  return undefined;
}

function findPackage(from: URL): string | undefined {
  try {
    return findPackageJSON(GATEWAY, from);
  } catch {
    return undefined;
  }
}

/** Runs a Node.js program in this terminal and resolves to its exit code, 128 and more for a signal. */
function runProgram(argv: readonly string[], { workingFolder, environment }: Io): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, ...argv], {
      cwd: workingFolder,
      env: environment,
      stdio: 'inherit',
    });
    // A terminal sends Ctrl-C to both processes; anybody else's signal reaches only this one.
    const interrupt = () => void (process.stdin.isTTY || child.kill('SIGINT'));
    const terminate = () => void child.kill('SIGTERM');
    const reload = () => void child.kill('SIGHUP');
    process.on('SIGINT', interrupt).on('SIGTERM', terminate).on('SIGHUP', reload);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', interrupt).off('SIGTERM', terminate).off('SIGHUP', reload);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
