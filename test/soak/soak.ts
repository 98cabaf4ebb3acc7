/**
 * Serves at a steady rate while everything around is restarted: reloads, instances that come, go and are killed,
 * registrations. No idempotent request may fail, and the gateway's memory may not grow.
 *
 *   make soak                 ten minutes
 *   SOAK_SECONDS=60 make soak
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createItemWorkspace, type RunningGateway } from '../support/item-workspace.ts';
import type { RunningProgram } from '../support/run-program.ts';
import { memoryCurve } from './memory-curve.ts';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 600);
/** Requests a second. */
const RATE = Number(process.env.SOAK_RATE ?? 150);
const SAMPLE_INTERVAL = Math.max(1_000, (SECONDS * 1_000) / 60);

const workspace = await createItemWorkspace();
const gateway = await workspace.startGateway();
const instances: RunningProgram[] = [];
for (let count = 0; count < 3; count += 1) instances.push(await workspace.startInstance(gateway.url));
const token = await workspace.token(['--expires', '2h']);
const counts = { sent: 0, answered: 0, reloads: 0, restarts: 0, kills: 0, registrations: 3 };
const failures: string[] = [];
const memory: number[] = [];

await untilServed();
const endsAt = Date.now() + SECONDS * 1_000;
await Promise.all([load(), disturb(), watchMemory()]);
await Promise.all(instances.map((instance) => instance.stop()));
await gateway.stop();
await workspace.remove();
report();

/** Requests go out on time, whether the ones before were answered or not. */
async function load(): Promise<void> {
  const under: Promise<void>[] = [];
  const startedAt = performance.now();
  while (Date.now() < endsAt) {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * RATE);
    while (counts.sent < due) {
      counts.sent += 1;
      under.push(one(counts.sent));
    }
    await delay(5);
  }
  await Promise.all(under);
}

async function one(number: number): Promise<void> {
  const put = number % 5 === 0;
  try {
    const answer = await fetch(`${gateway.api}/plugin-items/items/${number % 100}`, {
      method: put ? 'PUT' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(put ? { body: JSON.stringify({ number }) } : {}),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await answer.text();
    if (answer.ok) counts.answered += 1;
    else failures.push(`${put ? 'PUT' : 'GET'} ${answer.status} ${text.slice(0, 200)}`);
  } catch (error) {
    failures.push(`${put ? 'PUT' : 'GET'} ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** One thing after the other, round and round. An instance is killed only while two others serve. */
async function disturb(): Promise<void> {
  for (let round = 0; Date.now() < endsAt; round += 1) {
    await delay(1_500);
    switch (round % 4) {
      case 0:
        await workspace.build(round);
        gateway.process.kill('SIGHUP');
        counts.reloads += 1;
        break;
      case 1:
        await replace('SIGTERM');
        counts.restarts += 1;
        break;
      case 2:
        instances.push(await workspace.startInstance(gateway.url));
        await instances.shift()?.stop();
        break;
      default:
        await replace('SIGKILL');
        counts.kills += 1;
    }
  }
}

async function replace(signal: NodeJS.Signals): Promise<void> {
  await instances.shift()?.stop(signal);
  instances.push(await workspace.startInstance(gateway.url));
  counts.registrations += 1;
}

async function watchMemory(): Promise<void> {
  while (Date.now() < endsAt) {
    memory.push(await residentMemory(gateway));
    await delay(SAMPLE_INTERVAL);
  }
}

/** In bytes; NaN where the system does not tell. */
async function residentMemory({ process: { pid } }: RunningGateway): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

async function untilServed(): Promise<void> {
  for (;;) {
    const answer = await fetch(`${gateway.api}/plugin-items/items/1`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await answer.arrayBuffer();
    if (answer.ok) return;
    await delay(50);
  }
}

function report(): void {
  const { text, flat } = memoryCurve(memory);
  const { sent, answered, reloads, restarts, kills, registrations } = counts;
  console.log(
    [
      `soak: ${SECONDS} s at ${RATE} requests a second, one in five a PUT`,
      `  sent ${sent}, answered ${answered}, failed ${failures.length}`,
      `  meanwhile: ${reloads} reloads, ${restarts} restarts, ${kills} kills, ${registrations} registrations`,
      text,
    ].join('\n'),
  );
  for (const failure of new Set(failures.slice(0, 20))) console.log(`  failed: ${failure}`);
  if (!flat) console.log('  the memory grows');
  if (failures.length > 0 || !flat) process.exitCode = 1;
}
