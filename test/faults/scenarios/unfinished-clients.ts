import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openConnection, type RawConnection } from '../../../runtime/gateway/testing/raw-connection.ts';
import { answersOf } from '../fault-report.ts';
import { type FaultStage, IMPATIENT } from '../fault-stage.ts';
import type { Scenario } from '../scenario.ts';

const MEBIBYTE = 1024 * 1024;
/** Of each kind. */
const CLIENTS = 30;
/** In bytes: more than the buffers of two sockets take in. */
const LARGE = 8_000_000;

/** Clients go away at any moment, send next to nothing, or read nothing. */
export const unfinishedClients: Scenario = (open, tell) =>
  describe('clients that do not end what they began', () => {
    it('give their places back, and cost no memory and nobody else anything', async () => {
      const stage = await open({ settings: { gateway: { ...IMPATIENT.gateway, timeout: '1500ms' } } });
      await stage.instance();
      const beside = stage.load({ connections: 4, putEvery: 3 });
      await beside.more(200);
      const before = await residentMemory(stage);
      const everybody = (client: (stage: FaultStage) => Promise<void>) =>
        Promise.all(Array.from({ length: CLIENTS }, () => client(stage)));
      const startedAt = performance.now();
      await everybody(leaveInTheMiddleOfTheBody);
      await everybody(leaveBeforeTheAnswer);
      await everybody(leaveInTheMiddleOfTheAnswer);
      await everybody(trickle);
      const peak = await residentMemory(stage);
      await everybody(readNothing);
      const leftAt = performance.now();
      await expect
        // The request that asks is not one of those at the plugin.
        .poll(async () => (await stage.plugin())?.inFlight ?? -1, { interval: 20, timeout: 15_000 })
        .toBeLessThanOrEqual(4);
      const recovered = performance.now() - leftAt;
      const outcomes = await beside.stop();
      await expect
        .poll(async () => ({ ...(await stage.plugin()) }), { interval: 20, timeout: 15_000 })
        .toMatchObject({ inFlight: 0, waiting: 0, state: 'HEALTHY' });
      const after = await residentMemory(stage);
      const lost =
        outcomes.filter(({ status }) => status !== 200).length + (await stage.lostWrites(outcomes));
      const note = `memory ${[before, peak, after].map((size) => Math.round(size / MEBIBYTE)).join(', ')} MiB; ${Math.round(
        performance.now() - startedAt,
      )} ms in all`;
      tell({
        fault: `${5 * CLIENTS} clients that leave, trickle, do not read`,
        outcomes,
        lost,
        recovered,
        note,
      });
      expect(lost, answersOf(outcomes)).toBe(0);
      // Of 240 MB that nobody read, next to nothing was kept.
      expect(after - before).toBeLessThan(160 * MEBIBYTE);
    });
  });

async function leaveInTheMiddleOfTheBody(stage: FaultStage): Promise<void> {
  const client = await connect(stage);
  client.write(head(stage, 'PUT /items/1', 'content-length: 100000'));
  client.write('x'.repeat(50_000));
  await delay(20);
  client.socket.resetAndDestroy();
}

async function leaveBeforeTheAnswer(stage: FaultStage): Promise<void> {
  const client = await connect(stage);
  client.write(head(stage, 'GET /items/1'));
  client.socket.end();
  client.socket.destroy();
}

async function leaveInTheMiddleOfTheAnswer(stage: FaultStage): Promise<void> {
  const client = await connect(stage);
  client.write(head(stage, `GET /items/1?size=${LARGE}`));
  await client.until('200 OK');
  client.socket.destroy();
}

/** A body of twenty bytes, which takes twenty times as long as one may wait for the next. */
async function trickle(stage: FaultStage): Promise<void> {
  const client = await connect(stage);
  client.write(head(stage, 'PUT /items/slow', 'content-length: 20'));
  for (let byte = 0; byte < 20; byte += 1) {
    client.write('x');
    await delay(60);
  }
  expect(await client.until('"put":')).toContain('200 OK');
  client.socket.destroy();
}

/** Until the gateway has had enough. */
async function readNothing(stage: FaultStage): Promise<void> {
  const client = await connect(stage);
  client.socket.pause();
  client.write(head(stage, `GET /items/1?size=${LARGE}`));
}

function connect({ gateway }: FaultStage): Promise<RawConnection> {
  return openConnection(Number(new URL(gateway.url).port));
}

function head({ token }: FaultStage, line: string, ...headers: readonly string[]): string {
  const [method, path] = line.split(' ');
  const target = `/api/plugin-gateway/plugin-items${path}`;
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'host: gateway',
    `authorization: Bearer ${token}`,
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Of the gateway, in bytes. */
async function residentMemory(stage: FaultStage): Promise<number> {
  const { processes } = await stage.status();
  return processes.reduce((sum, { memory }) => sum + memory.rssBytes, 0);
}
