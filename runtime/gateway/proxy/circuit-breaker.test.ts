import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import { ok, startUpstream } from '../instances/testing/upstream.ts';
import { openConnection } from '../testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const CIRCUIT = { failures: 5, window: 10_000, open: 200 };

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

const fails = (_: unknown, response: ServerResponse) => void response.writeHead(503).end('out of order');
const works = (_: unknown, response: ServerResponse) => void response.end('fine');

it('opens under traffic that fails, lets one request through, and closes when that is answered', async () => {
  const [plugin] = await plugins(1);
  const gateway = await start([plugin]);
  plugin.answer = fails;
  const statuses = await inTurn(5, () => get(gateway));
  expect(statuses).toEqual([503, 503, 503, 503, 503]);
  expect(plugin.seen).toHaveLength(5);
  await gateway.journal.until('the circuit of plugin-crm-1 was closed and is open');

  // Health checks go on well all the while, and it gets nothing.
  const refused = await ask(gateway);
  expect([refused.status, await refused.json()]).toMatchObject([
    503,
    {
      code: 'plugin-unavailable',
      error: 'plugin-crm is not available: 5 of 5 requests failed within 10 s; the last one was answered 503',
    },
  ]);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(plugin.seen).toHaveLength(5);
  expect(gateway.context.instances.healthOf('plugin-crm')).toMatchObject({
    state: 'UNAVAILABLE',
    instances: [{ id: 'plugin-crm-1', state: 'UNAVAILABLE', circuit: 'open' }],
  });

  await gateway.journal.until('was open and is half-open');
  const answers: ServerResponse[] = [];
  plugin.answer = (_, response) => void answers.push(response);
  const probe = get(gateway);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  // One at a time: nobody else gets through meanwhile.
  expect(await Promise.all([get(gateway), get(gateway), get(gateway)])).toEqual([503, 503, 503]);
  expect(gateway.context.instances.healthOf('plugin-crm')).toMatchObject({
    state: 'DEGRADED',
    instances: [{ circuit: 'half-open' }],
  });
  answers[0]?.end('fine again');
  expect(await probe).toBe(200);
  expect(plugin.seen).toHaveLength(6);
  await gateway.journal.until('was half-open and is closed');

  plugin.answer = works;
  expect(await inTurn(20, () => get(gateway))).toEqual(Array(20).fill(200));
  expect(gateway.context.instances.healthOf('plugin-crm')).toMatchObject({
    state: 'HEALTHY',
    instances: [{ circuit: 'closed' }],
  });
});

it('a probe that fails opens it again, for twice as long', async () => {
  const [plugin] = await plugins(1);
  const gateway = await start([plugin]);
  plugin.answer = fails;
  await inTurn(5, () => get(gateway));
  await gateway.journal.until('was open and is half-open');
  const reopened = performance.now();
  expect(await get(gateway)).toBe(503);
  await gateway.journal.until('was half-open and is open: the request that tried it again was answered 503');
  await gateway.journal.until('was open and is half-open');
  expect(performance.now() - reopened).toBeGreaterThan(390);
  expect(plugin.seen).toHaveLength(6);
});

it('a probe whose client goes away gives its place to the next', async () => {
  const [plugin] = await plugins(1);
  const gateway = await start([plugin]);
  plugin.answer = fails;
  await inTurn(5, () => get(gateway));
  await gateway.journal.until('was open and is half-open');
  const ended = new Promise<void>((resolve) => {
    plugin.answer = (_, response) => void response.once('close', resolve);
  });
  const client = await openConnection(gateway.port);
  client.write(
    'GET /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nHost: x\r\n' +
      `Authorization: Bearer ${await gateway.userToken()}\r\n\r\n`,
  );
  await vi.waitFor(() => expect(plugin.seen).toHaveLength(6));
  expect(gateway.context.instances.isAvailable('plugin-crm')).toBe(false);
  client.socket.destroy();
  await ended;
  await vi.waitFor(() => expect(gateway.context.instances.isAvailable('plugin-crm')).toBe(true));
  plugin.answer = works;
  expect(await get(gateway)).toBe(200);
  await gateway.journal.until('was half-open and is closed');
});

it.each<[string, TestPlugin['answer'], number]>([
  ['breaks connections', (request) => void request.socket.resetAndDestroy(), 502],
  ['answers too late', () => undefined, 504],
  ['has a broken gateway of its own', (_, response) => void response.writeHead(502).end(), 502],
  [
    'breaks off its answers',
    (_, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('part', () => response.destroy());
    },
    200,
  ],
])('an instance that %s is ejected, and the other has all traffic', async (_, answer, status) => {
  const [bad, good] = await plugins(2);
  const gateway = await start([bad, good], { timeout: 300, circuit: { ...CIRCUIT, open: 60_000 } });
  bad.answer = answer;
  good.answer = works;
  // Not to be repeated: every failure is seen.
  const statuses = await inTurn(12, () => get(gateway, 'POST'));
  await gateway.journal.until('the circuit of plugin-crm-1 was closed and is open');
  expect(statuses.filter((one) => one !== 200).length).toBe(status === 200 ? 0 : 5);
  expect(bad.seen).toHaveLength(5);
  expect(gateway.context.instances.healthOf('plugin-crm').state).toBe('HEALTHY');
});

it.each<[string, TestPlugin['answer'], number]>([
  ['fails by itself', (_, response) => void response.writeHead(500).end(), 500],
  ['has nothing', (_, response) => void response.writeHead(404).end(), 404],
])('an instance that %s stays', async (_, answer, status) => {
  const [plugin] = await plugins(1);
  const gateway = await start([plugin]);
  plugin.answer = answer;
  expect(await inTurn(20, () => get(gateway))).toEqual(Array(20).fill(status));
  expect(gateway.context.instances.healthOf('plugin-crm').instances).toMatchObject([{ circuit: 'closed' }]);
});

it('an instance that was gone and is well again is tried at once, however long it would be out', async () => {
  const upstream = await startUpstream();
  running.push(upstream);
  const gateway = await start([upstream], {
    circuit: { ...CIRCUIT, open: 60_000 },
    health: { interval: 100, timeout: 5_000, slow: 4_000, rise: 2, fall: 100 },
  });
  upstream.answer = (request, response) => (request.url === '/health' ? ok : fails)(request, response);
  await inTurn(5, () => get(gateway));
  await gateway.journal.until('the circuit of plugin-crm-1 was closed and is open');
  await upstream.close();
  await gateway.journal.until('is UNAVAILABLE');
  upstream.answer = ok;
  await upstream.reopen();
  await gateway.journal.until('was UNAVAILABLE and is HEALTHY');
  expect(await inTurn(5, () => get(gateway))).toEqual([200, 200, 200, 200, 200]);
  expect(gateway.context.instances.healthOf('plugin-crm').instances).toMatchObject([{ circuit: 'closed' }]);
});

it('clients that go away or send too much do not open it', async () => {
  const [plugin] = await plugins(1);
  const gateway = await start([plugin]);
  plugin.answer = () => undefined;
  const token = await gateway.userToken();
  for (let client = 1; client <= 10; client += 1) {
    const leaving = await openConnection(gateway.port);
    leaving.write(
      `GET /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
    await vi.waitFor(() => expect(plugin.seen).toHaveLength(client));
    leaving.socket.destroy();
    await once(leaving.socket, 'close');
  }
  plugin.answer = works;
  expect(await get(gateway)).toBe(200);
  expect(gateway.context.instances.healthOf('plugin-crm').instances).toMatchObject([{ circuit: 'closed' }]);
});

async function plugins<N extends 1 | 2>(
  count: N,
): Promise<N extends 1 ? [TestPlugin] : [TestPlugin, TestPlugin]> {
  const started = await Promise.all(Array.from({ length: count }, startPlugin));
  running.push(...started);
  // As many as were asked for.
  return started as N extends 1 ? [TestPlugin] : [TestPlugin, TestPlugin];
}

async function start(instances: readonly { readonly url: URL }[], config = {}): Promise<TestGateway> {
  const gateway = await startGateway({
    plugins: [CRM],
    settings: { 'plugin-crm': { urls: instances.map(({ url }) => url) } },
    config: { circuit: CIRCUIT, ...config },
  });
  running.push(gateway);
  for (const _ of instances) await gateway.journal.until('and is HEALTHY');
  return gateway;
}

async function ask(gateway: TestGateway, method = 'GET'): Promise<Response> {
  const authorization = `Bearer ${await gateway.userToken()}`;
  return fetch(`${gateway.url}/plugin-crm/contacts`, { method, headers: { authorization } });
}

/** The status, once the whole answer is there or broke off. */
async function get(gateway: TestGateway, method?: string): Promise<number> {
  const answer = await ask(gateway, method);
  await answer.text().catch(() => undefined);
  return answer.status;
}

async function inTurn<T>(times: number, run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let time = 0; time < times; time += 1) results.push(await run());
  return results;
}
