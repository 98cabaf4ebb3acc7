import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { SilenceTimer } from './silence-timer.ts';

const PATIENCE = 50;

it('runs when nothing happens for so long, counted from the last time that something did', async () => {
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<number>();
  const timer = new SilenceTimer(PATIENCE, () => resolve(performance.now() - startedAt));
  await pause(30);
  timer.refresh();
  // A millisecond less, because timers are rounded.
  expect(await promise).toBeGreaterThanOrEqual(30 + PATIENCE - 1);
});

it('does not run once it is stopped, refreshed or not', async () => {
  let runs = 0;
  const timer = new SilenceTimer(PATIENCE, () => {
    runs += 1;
  });
  timer.stop();
  timer.refresh();
  await pause(2 * PATIENCE);
  expect(runs).toBe(0);
});

it('hears what came while the process stood still, before its time counts', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  const there = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [here]: Socket[] = await once(server, 'connection');
  try {
    const events: string[] = [];
    const timer = new SilenceTimer(PATIENCE, () => events.push('silence'));
    there.on('data', () => {
      events.push('data');
      timer.refresh();
    });
    here?.write('at last');
    standStill(2 * PATIENCE);
    await pause(PATIENCE / 2);
    expect(events).toEqual(['data']);
    await pause(PATIENCE);
    expect(events).toEqual(['data', 'silence']);
  } finally {
    there.destroy();
    here?.destroy();
    server.close();
  }
});

it('gives the full time anew, once, to what was begun just before the process stood still', async () => {
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<number>();
  new SilenceTimer(PATIENCE, () => resolve(performance.now() - startedAt));
  standStill(300);
  const silentAfter = await promise;
  expect(silentAfter).toBeGreaterThanOrEqual(300 + PATIENCE - 1);

  const times: number[] = [];
  const timer = new SilenceTimer(PATIENCE, () => times.push(performance.now()));
  // Whoever stands still all the time must not wait for ever.
  for (let round = 0; round < 4 && times.length === 0; round += 1) {
    standStill(200);
    await pause(PATIENCE - 10);
  }
  timer.stop();
  expect(times).toHaveLength(1);
});

/** The whole thread, in milliseconds. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
