import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConnection } from '../testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';

/** A plugin that is well when asked, and answers everything else with the bytes of the test. */
let server: Server;
let reply: (socket: Socket) => void = () => undefined;
let url: URL;
let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (chunk.toString().startsWith('GET /health '))
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"status":"ok"}');
      else reply(socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  gateway = await startGateway({
    plugins: [CRM],
    upstreams: { 'plugin-crm': url },
    config: { timeout: 1000 },
  });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  server.close();
});

const get = (path = '/contacts') =>
  fetch(`${gateway.url}/plugin-crm${path}`, { headers: { authorization: `Bearer ${token}` } });

it.each<[string, (socket: Socket) => void, string]>([
  ['breaks off', (socket) => socket.destroy(), 'the connection broke before the answer'],
  ['resets', (socket) => socket.resetAndDestroy(), 'the connection broke before the answer'],
  ['says goodbye', (socket) => socket.end(), 'the connection broke before the answer'],
  ['talks something else', (socket) => socket.end('SSH-2.0-x\r\n'), 'its answer is not HTTP'],
  [
    'breaks off in its headers',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-'),
    'the connection broke before the answer',
  ],
  [
    'has no end of headers',
    (socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}`),
    'the headers of its answer are too large',
  ],
  [
    'has a status that is none',
    (socket) => socket.end('HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n'),
    'answered with a status that is none',
  ],
  [
    'has two lengths',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
    'its answer is not as long as it says',
  ],
  [
    'upgrades unasked',
    (socket) => socket.end('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    'did not answer',
  ],
])('a plugin that %s gets 502, in words without its address', async (_, answer, words) => {
  reply = answer;
  const response = await get();
  const text = await response.text();
  expect([response.status, JSON.parse(text)]).toMatchObject([
    502,
    { success: false, code: 'upstream-failed' },
  ]);
  expect(text).toContain(words);
  expect(text).not.toContain(url.port);
});

it.each([
  ['of a known length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart'],
  ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'],
  ['in chunks that are none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\nzz\r\n'],
])('an answer %s that breaks off is cut for the client too', async (_, bytes) => {
  reply = (socket) => socket.end(bytes);
  const client = await openConnection(gateway.port);
  client.write(
    `GET /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
  const answer = await client.closed();
  expect(answer).toContain('part');
  expect(answer).not.toContain('0\r\n\r\n');
});

it('what follows an answer is not taken for the answer to somebody else', async () => {
  reply = (socket) =>
    socket.write(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil',
    );
  for (let round = 0; round < 5; round += 1) {
    const text = await (await get()).text();
    expect(['ok', 'plugin-crm did not answer']).toContainEqual(
      text.startsWith('{') ? JSON.parse(text).error.split(':')[0] : text,
    );
  }
});

it('the log names neither the plugin’s address nor a token', async () => {
  reply = (socket) => socket.destroy();
  await get('/contacts?secret=1');
  const text = JSON.stringify(gateway.journal.lines);
  expect(text).toContain('upstream-failed');
  expect(text).not.toContain(url.port);
  expect(text).not.toContain(token);
  expect(text).not.toContain('secret=1');
});

it('a plugin that is gone gets 502, and then 503 at once', async () => {
  const gone = await startGateway({ plugins: [CRM], upstreams: { 'plugin-crm': url } });
  try {
    server.close();
    reply = (socket) => socket.destroy();
    const call = async () => {
      const authorization = `Bearer ${await gone.userToken()}`;
      return fetch(`${gone.url}/plugin-crm/contacts`, { headers: { authorization } });
    };
    expect((await call()).status).toBe(502);
    await gone.journal.until('is UNAVAILABLE');
    const answer = await call();
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'plugin-unavailable' }]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    await gone.close();
  }
});
