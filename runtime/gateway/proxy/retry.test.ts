import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RouteTableRoute } from '@plexica/types';
import { afterEach, expect, it } from 'vitest';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { openConnection } from '../testing/raw-connection.ts';
import { CRM, route, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';
import { answerOf, type RawPlugin, startRawPlugin } from '../testing/start-raw-plugin.ts';

/** What may happen to a plugin's circuit is told elsewhere. */
const NO_CIRCUIT = { failures: 1_000_000, window: 1_000, open: 1_000 };

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

it('keep-alive connections that are closed at the worst moment lose no request that may be repeated', async () => {
  const plugin = await rawPlugin();
  // Each connection ends, in one of three ways, under the third request on it, which has been read by then.
  plugin.reply = (socket, request, number) => {
    if (number < 3) socket.write(answerOf(request.split(' ')[1] ?? ''));
    else if (plugin.seen.length % 3 === 0) socket.resetAndDestroy();
    else if (plugin.seen.length % 3 === 1) socket.end();
    else socket.destroy();
  };
  const gateway = await start([plugin], { config: { circuit: NO_CIRCUIT } });
  const paths = Array.from({ length: 600 }, (_, number) => `/contacts/${number}`);
  const answers = await atOnce(20, paths, async (path) => (await call(gateway, path)).text());
  expect(answers).toEqual(paths);
  // The test is about something: many were tried twice, and none three times.
  const repeated = plugin.seen.length - paths.length;
  expect(repeated).toBeGreaterThan(100);
  expect(await retries(gateway, 'retried')).toBe(repeated);
});

it('a request that may not be repeated reaches the plugin once, whatever happens to it', async () => {
  const [one, two] = [await rawPlugin(), await rawPlugin()];
  for (const plugin of [one, two]) {
    plugin.reply = (socket, _, number) =>
      number < 3 ? socket.write(answerOf('ok')) : socket.resetAndDestroy();
  }
  const gateway = await start([one, two], { config: { circuit: NO_CIRCUIT } });
  const paths = Array.from({ length: 60 }, (_, number) => `/contacts?number=${number}.`);
  const statuses = await atOnce(4, paths, async (path) => (await call(gateway, path, 'POST')).status);
  expect(statuses.filter((status) => status === 502).length).toBeGreaterThan(5);
  const seen = [...one.seen, ...two.seen].map((request) => request.split(' ')[1]);
  expect(seen.toSorted()).toEqual(paths.toSorted());
});

it('an instance that is killed under load loses no request that may be repeated', async () => {
  const [doomed, other] = [await startProcess(), await startProcess()];
  const gateway = await start([doomed, other]);
  const paths = Array.from({ length: 1_500 }, (_, number) => `/contacts/${number}`);
  let sent = 0;
  const answers = await atOnce(32, paths, async (path) => {
    sent += 1;
    if (sent === 500) doomed.kill();
    const answer = await call(gateway, path);
    return `${answer.status} ${await answer.text()}`;
  });
  expect(answers).toEqual(paths.map((path) => `200 ${path}`));
  await gateway.journal.until('was HEALTHY and is UNAVAILABLE');
});

it('what nothing was sent of goes to another instance, whatever its method, with its whole body', async () => {
  const [gone, other] = [await rawPlugin(), await plugin()];
  const gateway = await start([gone, other], { config: { circuit: NO_CIRCUIT, health: NO_CHECKS } });
  await gone.close();
  const body = 'x'.repeat(300_000);
  const answers = await atOnce(4, Array(40).fill('/contacts'), async (path) => {
    const answer = await call(gateway, path, 'POST', body);
    return [answer.status, (await answer.text()) === body];
  });
  expect(answers).toEqual(Array(40).fill([200, true]));
  expect(other.seen).toHaveLength(40);
  expect(await retries(gateway, 'retried')).toBeGreaterThan(0);
});

it.each<[string, RawPlugin['reply']]>([
  ['breaks new connections', (socket) => void socket.resetAndDestroy()],
  ['talks something else', (socket) => void socket.end('SSH-2.0-x\r\n')],
  ['breaks off in its headers', (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-')],
  ['has no status', (socket) => void socket.end('HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n')],
])('behind an instance that %s, the other answers what may be repeated', async (_, reply) => {
  const [bad, good] = [await rawPlugin(), await rawPlugin()];
  bad.reply = reply;
  const gateway = await start([bad, good], { config: { circuit: NO_CIRCUIT } });
  const statuses = await inTurn(8, async () => (await call(gateway, '/contacts')).status);
  expect(statuses).toEqual(Array(8).fill(200));
  expect(good.seen).toHaveLength(8);
  const posts = await inTurn(8, async () => (await call(gateway, '/contacts', 'POST')).status);
  expect(posts.toSorted()).toEqual([...Array(4).fill(200), ...Array(4).fill(502)]);
});

it('time that ran out is not spent again', async () => {
  const [slow, other] = [await rawPlugin(), await rawPlugin()];
  for (const one of [slow, other]) one.reply = () => undefined;
  const gateway = await start([slow, other], { config: { timeout: 200 } });
  expect((await call(gateway, '/contacts')).status).toBe(504);
  expect(slow.seen.length + other.seen.length).toBe(1);
});

it('the limit of time holds for all attempts together', async () => {
  const [one, two] = [await rawPlugin(), await rawPlugin()];
  for (const plugin of [one, two]) {
    plugin.reply = (socket) => void setTimeout(() => socket.resetAndDestroy(), 200);
  }
  const gateway = await start([one, two], { config: { timeout: 300 } });
  const before = performance.now();
  expect((await call(gateway, '/contacts')).status).toBe(504);
  expect(performance.now() - before).toBeLessThan(390);
  expect(one.seen.length + two.seen.length).toBe(2);
});

it('an answer that has begun is not asked for again', async () => {
  const [one, two] = [await rawPlugin(), await rawPlugin()];
  for (const plugin of [one, two]) {
    plugin.reply = (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart');
  }
  const gateway = await start([one, two]);
  const answer = await call(gateway, '/contacts');
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow('terminated');
  expect(one.seen.length + two.seen.length).toBe(1);
});

it('no more is tried again than the budget allows', async () => {
  const [one, two] = [await rawPlugin(), await rawPlugin()];
  for (const plugin of [one, two]) plugin.reply = (socket) => void socket.resetAndDestroy();
  const gateway = await start([one, two], { config: { circuit: NO_CIRCUIT, retry: { budget: 0.1 } } });
  await inTurn(100, () => call(gateway, '/contacts'));
  const [retried, refused] = [await retries(gateway, 'retried'), await retries(gateway, 'over-budget')];
  // A floor of ten, a tenth of the requests, and what a second or two adds.
  expect(retried).toBeGreaterThanOrEqual(19);
  expect(retried).toBeLessThan(30);
  expect(retried + refused).toBe(100);
  expect(one.seen.length + two.seen.length).toBe(100 + retried);
});

it('a manifest says what may be repeated', async () => {
  const routes = [
    route('GET /contacts', { idempotent: false }),
    route('POST /contacts', { idempotent: true }),
    route('DELETE /contacts/:id', { idempotent: true }),
  ];
  const [bad, good] = [await rawPlugin(), await rawPlugin()];
  bad.reply = (socket) => void socket.resetAndDestroy();
  const gateway = await start([bad, good], { routes, config: { circuit: NO_CIRCUIT } });
  const statuses = async (path: string, method: string, body?: string) =>
    (await inTurn(4, async () => (await call(gateway, path, method, body)).status)).toSorted();
  expect(await statuses('/contacts', 'GET')).toEqual([200, 200, 502, 502]);
  expect(await statuses('/contacts', 'POST')).toEqual([200, 200, 200, 200]);
  expect(await statuses('/contacts/7', 'DELETE')).toEqual([200, 200, 200, 200]);
  // A small body is kept, and one that streams is gone when it was sent.
  expect(await statuses('/contacts', 'POST', 'x')).toEqual([200, 200, 200, 200]);
  expect(await statuses('/contacts', 'POST', 'x'.repeat(500_000))).toEqual([200, 200, 502, 502]);
});

it('a client that goes away is not answered by another instance', async () => {
  const [one, two] = [await rawPlugin(), await rawPlugin()];
  const arrived = new Promise<void>((resolve) => {
    for (const plugin of [one, two]) plugin.reply = () => resolve();
  });
  const gateway = await start([one, two]);
  const client = await openConnection(gateway.port);
  client.write(
    'GET /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nHost: x\r\n' +
      `Authorization: Bearer ${await gateway.userToken()}\r\n\r\n`,
  );
  await arrived;
  client.socket.destroy();
  await gateway.journal.until('not answered to the end');
  expect(one.seen.length + two.seen.length).toBe(1);
});

const NO_CHECKS = { interval: 3_600_000, timeout: 5_000, slow: 4_000, rise: 1, fall: 1_000 };

async function rawPlugin(): Promise<RawPlugin> {
  const started = await startRawPlugin();
  running.push(started);
  return started;
}

async function plugin(): Promise<TestPlugin> {
  const started = await startPlugin();
  running.push(started);
  return started;
}

const PROGRAM = `
const server = require('node:http').createServer((request, response) => {
  const answer = () => response.end(request.url === '/health' ? '{"status":"ok"}' : request.url);
  setTimeout(answer, Math.random() * 10);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

/** A plugin that echoes paths, as a process that can be killed. */
async function startProcess(): Promise<{ readonly url: URL; kill(): void; close(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  const started = {
    url: new URL(`http://127.0.0.1:${Number(port)}`),
    kill: () => void child.kill('SIGKILL'),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
  running.push(started);
  return started;
}

async function start(
  instances: readonly { readonly url: URL }[],
  { config = {}, routes = CRM.routes }: { config?: Partial<GatewayConfig>; routes?: RouteTableRoute[] } = {},
): Promise<TestGateway> {
  const gateway = await startGateway({
    plugins: [{ id: CRM.id, permissions: CRM.permissions, routes }],
    settings: { 'plugin-crm': { urls: instances.map(({ url }) => url) } },
    config,
  });
  running.push(gateway);
  for (const _ of instances) await gateway.journal.until('and is HEALTHY');
  return gateway;
}

async function call(gateway: TestGateway, path: string, method = 'GET', body?: string): Promise<Response> {
  const authorization = `Bearer ${await gateway.userToken()}`;
  return fetch(`${gateway.url}/plugin-crm${path}`, {
    method,
    headers: { authorization },
    ...(body === undefined ? {} : { body }),
  });
}

async function retries(gateway: TestGateway, outcome: 'retried' | 'over-budget'): Promise<number> {
  const { text } = await gateway.context.metrics.expose();
  const line = new RegExp(`^plexica_retries_total\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)$`, 'm').exec(
    text,
  );
  return Number(line?.[1] ?? 0);
}

async function inTurn<T>(times: number, run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let time = 0; time < times; time += 1) results.push(await run());
  return results;
}

/** So many at a time, with the results in order. */
async function atOnce<T, R>(
  width: number,
  inputs: readonly T[],
  run: (input: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const next = inputs.entries();
  const work = async () => {
    for (const [at, input] of next) results[at] = await run(input);
  };
  await Promise.all(Array.from({ length: width }, work));
  return results;
}
