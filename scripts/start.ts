/**
 * `make start`: compiles the manifests, starts the example plugins and the gateway, waits until all are
 * HEALTHY and prints what to try. One Ctrl-C stops everything.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { waitUntilHealthy } from './start/healthy.ts';
import { isPortInUse } from './start/port-in-use.ts';
import { type ProgramExit, startProcesses } from './start/process-group.ts';
import { gatewayUrl, programsOf, type RunnableProgram, restartLine } from './start/programs.ts';
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
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort());
  const interrupted = once(interruption.signal, 'abort').then(() => undefined);

  let isReady = false;
  const failure = Promise.withResolvers<string>();
  const group = startProcesses(programs, LOG_FOLDER, (exit) => {
    if (!isReady || !exit.program.isPlugin) failure.resolve(endOf(exit));
    else
      console.log(`${exit.program.name} has stopped. Have it back with:\n\n${restartLine(exit.program)}\n`);
  });
  const gateway = gatewayUrl(process.env);
  const plugins = programs.filter(({ isPlugin }) => isPlugin).map(({ name }) => name);
  const healthy = waitUntilHealthy(gateway, plugins, interruption.signal);
  let problem = await Promise.race([healthy, failure.promise, interrupted]);
  if (problem === undefined && !interruption.signal.aborted) {
    isReady = true;
    const tour = await tourOf(gateway, LOG_FOLDER).catch((error: Error) => {
      // Ctrl-C ends the program that makes the token, too.
      if (!interruption.signal.aborted) failure.resolve(error.message);
    });
    if (tour !== undefined) console.log(tour);
    problem = await Promise.race([failure.promise, interrupted]);
  }
  console.log('\nStopping …');
  await group.stop();
  if (problem === undefined || interruption.signal.aborted) return 0;
  console.error(problem);
  return 1;
}

function endOf({ program, logFile }: ProgramExit): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  return `${program.name} has stopped. The end of ${logFile}:\n\n${lines}`;
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
