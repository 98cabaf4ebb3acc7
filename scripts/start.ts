/**
 * `make start`: compiles the manifests, starts the example plugins and the gateway, waits until all are
 * HEALTHY and prints what to try. One Ctrl-C stops everything.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isPortInUse } from './start/port-in-use.ts';
import { startProcesses } from './start/process-group.ts';
import { programsOf } from './start/programs.ts';
import { tourOf } from './start/tour.ts';

const LOG_FOLDER = '.plexica/logs';
const READY_LIMIT = 60_000;
const POLL_INTERVAL = 200;

process.exitCode = await start();

async function start(): Promise<number> {
  const programs = programsOf(process.env);
  for (const { name, url, setting } of programs) {
    if (!(await isPortInUse(url))) continue;
    console.error(
      `Port ${url.port} (${name}) is taken by another program. Stop it, or take another port: ${setting} make start`,
    );
    return 1;
  }

  const { status } = spawnSync(process.execPath, ['compiler/bin/plexica.js', 'build'], { stdio: 'inherit' });
  if (status !== 0) return status ?? 1;

  console.log('Starting plugin-crm, plugin-analytics and the gateway …');
  const group = startProcesses(programs, LOG_FOLDER);
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => undefined);
  const ended = group.firstExit.then(({ program, logFile }) => {
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
    return `${program.name} has stopped. The end of ${logFile}:\n\n${lines}`;
  });
  const gateway = programs.find(({ name }) => name === 'gateway')?.url;
  const failure = await Promise.race([
    ready(`${gateway?.origin}/api/plugin-gateway/ready`),
    ended,
    stopped.then(() => 'stopped'),
  ]);

  if (failure === undefined && gateway !== undefined) {
    console.log(tourOf(gateway, LOG_FOLDER));
    const problem = await Promise.race([stopped, ended]);
    console.log('\nStopping …');
    await group.stop();
    if (problem === undefined) return 0;
    console.error(problem);
    return 1;
  }
  await group.stop();
  if (failure === 'stopped') return 0;
  console.error(failure);
  return 1;
}

/** Resolves without a value once the gateway says that all is HEALTHY, with words if that takes too long. */
async function ready(url: string): Promise<string | undefined> {
  const deadline = Date.now() + READY_LIMIT;
  let last = 'it does not answer';
  while (Date.now() < deadline) {
    try {
      const response = await fetch(url);
      last = await response.text();
      if (response.ok && !/"state":"(DEGRADED|UNAVAILABLE)"/.test(healthOfStarted(last))) return undefined;
    } catch {
      // Not listening yet.
    }
    await delay(POLL_INTERVAL);
  }
  return `The gateway was not ready within ${READY_LIMIT / 1000} s: ${last}\nThe logs are in ${LOG_FOLDER}.`;
}
