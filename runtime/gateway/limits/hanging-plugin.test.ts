import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { openConnection, type RawConnection } from '../testing/raw-connection.ts';
import { CRM, route, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { echo, startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const OTHER = { id: 'plugin-other', routes: [route('GET /things')] };
const LIMITS = { maxConcurrent: 100, maxQueue: 100, queueTimeout: 400 };

let crm: TestPlugin;
let other: TestPlugin;
let gateway: TestGateway;
let token: string;
const clients: RawConnection[] = [];
beforeAll(async () => {
  crm = await startPlugin();
  other = await startPlugin();
  gateway = await startGateway({
    plugins: [CRM, OTHER],
    upstreams: { 'plugin-crm': crm.url, 'plugin-other': other.url },
    config: { limits: LIMITS },
    settings: { 'plugin-crm': { limits: LIMITS }, 'plugin-other': { limits: LIMITS } },
  });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await crm.close();
  await other.close();
});
beforeEach(() => {
  crm.answer = echo;
  return async () => {
    for (const { socket } of clients.splice(0)) socket.destroy();
    // Whatever became of the requests, all places are free again.
    await eventually(() => expect(atCrm()).toMatchObject({ inFlight: 0, waiting: 0 }));
  };
});

/** With patience: this machine may have other work. */
const eventually = <T>(check: () => T) => vi.waitFor(check, { timeout: 5_000, interval: 10 });
const atCrm = () => gateway.context.isolation.report().find(({ pluginId }) => pluginId === 'plugin-crm');
const head = (path: string, method = 'GET') =>
  `${method} /api/plugin-gateway${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;

async function send(text: string): Promise<RawConnection> {
  const client = await openConnection(gateway.port);
  clients.push(client);
  client.write(text);
  return client;
}

async function status(path: string): Promise<number> {
  const answer = await fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  await answer.arrayBuffer();
  return answer.status;
}

it('300 requests that hang at one plugin leave the others as they were', async () => {
  const before = await latencyOf('/plugin-other/things');
  crm.answer = () => undefined;
  const hanging = await Promise.all(Array.from({ length: 300 }, () => send(head('/plugin-crm/contacts'))));
  await eventually(() => expect(atCrm()).toMatchObject({ inFlight: 100 }));
  const during = await latencyOf('/plugin-other/things');
  // Generous, because this machine has other work; what it must not be is anywhere near a time limit.
  expect(during).toBeLessThan(before * 10 + 50);
  // 100 found the queue full, 100 waited too long, and 100 hang on.
  const refused = await eventually(() => {
    const answered = hanging.filter(({ socket }) => socket.bytesRead > 0);
    expect(answered).toHaveLength(200);
    return answered;
  });
  const answers = await Promise.all(refused.map((client) => client.until('"plugin-busy"')));
  expect(answers.every((answer) => /^HTTP\/1\.1 503 .*retry-after: 1\r\n/s.test(answer))).toBe(true);
  expect(crm.seen.filter(({ target }) => target === '/contacts')).toHaveLength(100);
});

it('a place that becomes free goes to the next in the queue', async () => {
  const held: ServerResponse[] = [];
  crm.answer = (_, response) => held.push(response);
  await Promise.all(Array.from({ length: 100 }, () => send(head('/plugin-crm/contacts'))));
  await eventually(() => expect(held).toHaveLength(100));
  const next = await send(head('/plugin-crm/contacts'));
  await eventually(() => expect(atCrm()).toEqual({ pluginId: 'plugin-crm', inFlight: 100, waiting: 1 }));
  crm.answer = (_, response) => response.end('next');
  held[0]?.end('first');
  expect(await next.until('next')).toMatch(/^HTTP\/1\.1 200 /);
});

it('a client that waits and goes makes room, and its request never arrives', async () => {
  const held: ServerResponse[] = [];
  crm.answer = (_, response) => held.push(response);
  await Promise.all(Array.from({ length: 100 }, () => send(head('/plugin-crm/contacts'))));
  await eventually(() => expect(held).toHaveLength(100));
  const gone = await send(head('/plugin-crm/contacts'));
  await eventually(() => expect(atCrm()?.waiting).toBe(1));
  gone.socket.destroy();
  await eventually(() => expect(atCrm()?.waiting).toBe(0));
  held[0]?.end();
  await eventually(() => expect(atCrm()?.inFlight).toBe(99));
  expect(held).toHaveLength(100);
});

it.each<[string, string, (request: IncomingMessage, response: ServerResponse) => void]>([
  ['is answered', 'GET', echo],
  ['breaks off', 'GET', (request) => request.socket.destroy()],
  [
    'breaks off in the middle of its answer',
    'GET',
    (request, response) => {
      response.setHeader('content-length', '100').write('part');
      setImmediate(() => request.socket.destroy());
    },
  ],
  ['is answered before its body was read', 'PUT', (_, response) => response.writeHead(413).end()],
])('a request that %s gives its place back', async (_, method, answer) => {
  crm.answer = answer;
  const client = await send(head('/plugin-crm/contacts/1', method));
  await client.until('HTTP/1.1 ');
  await eventually(() => expect(atCrm()).toMatchObject({ inFlight: 0, waiting: 0 }));
});

it('an answer that goes on holds its place as long as the client listens', async () => {
  crm.answer = (_, response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
  const client = await send(head('/plugin-crm/contacts'));
  await client.until('data: 1');
  expect(atCrm()?.inFlight).toBe(1);
  client.socket.destroy();
  await eventually(() => expect(atCrm()?.inFlight).toBe(0));
});

it('requests that were sent one behind the other on a connection all give their places back', async () => {
  const arrived = new Promise<void>((resolve) => {
    let count = 0;
    crm.answer = () => {
      count += 1;
      if (count === 3) resolve();
    };
  });
  const client = await send(head('/plugin-crm/contacts').repeat(3));
  await arrived;
  expect(atCrm()?.inFlight).toBe(3);
  client.socket.destroy();
  await once(client.socket, 'close');
  await eventually(() => expect(atCrm()?.inFlight).toBe(0));
});

/** The median of some calls in turn, in milliseconds. */
async function latencyOf(path: string): Promise<number> {
  const times: number[] = [];
  for (let call = 0; call < 60; call += 1) {
    const startedAt = performance.now();
    expect(await status(path)).toBe(200);
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[30] ?? Number.NaN;
}
