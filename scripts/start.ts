/**
 * `make start`: compiles the manifests, starts the example plugins and the gateway, waits until all are
 * HEALTHY and prints what to try. One Ctrl-C stops everything.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { waitUntilHealthy } from './start/healthy.ts';
import { isPortInUse } from './start/port-in-use.ts';
import { startProcesses } from './start/process-group.ts';
import { gatewayUrl, programsOf, type RunnableProgram } from './start/programs.ts';
import { tourOf } from './start/tour.ts';

const LOG_FOLDER = '.plexica/logs';

process.exitCode = await start();

async function start(): Promise<number> {
  const programs = programsOf(process.env);
  if (await reportTakenPorts(programs)) return 1;

  const { status } = spawnSync(process.execPath, ['compiler/bin/plexica.js', 'build'], { stdio: 'inherit' });
  if (status !== 0) return status ?? 1;

  console.log(`\nStarting ${programs.map(({ name }) => name).join(', ')} …`);
  const interruption = new AbortController();
  const interrupted = new Promise<undefined>((resolve) => {
    interruption.signal.addEventListener('abort', () => resolve(undefined));
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort());

  const group = startProcesses(programs, LOG_FOLDER);
  const ended = group.firstExit.then(({ program, logFile }) => {
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
    return `${program.name} has stopped. The end of ${logFile}:\n\n${lines}`;
  });
  const gateway = gatewayUrl(process.env);
  const plugins = programs.filter(({ isPlugin }) => isPlugin).map(({ name }) => name);
  let problem = await Promise.race([
    waitUntilHealthy(gateway, plugins, interruption.signal),
    ended,
    interrupted,
  ]);
  if (problem === undefined && !interruption.signal.aborted) {
    console.log(tourOf(gateway, LOG_FOLDER));
    problem = await Promise.race([ended, interrupted]);
  }
  if (interruption.signal.aborted) problem = undefined;
  console.log('\nStopping …');
  await group.stop();
  if (problem === undefined) return 0;
  console.error(problem);
  return 1;
}

/** Says which ports are taken, and how to take others. */
async function reportTakenPorts(programs: readonly RunnableProgram[]): Promise<boolean> {
  let taken = false;
  for (const { name, url, setting } of programs) {
    if (!(await isPortInUse(url))) continue;
    taken = true;
    console.error(
      `Port ${url.port} (${name}) is taken by another program. Stop that, or take another port: ${setting} make start`,
    );
  }
  return taken;
}
