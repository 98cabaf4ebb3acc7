import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConnection } from '../testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { answerOf, type RawPlugin, startRawPlugin } from '../testing/start-raw-plugin.ts';

let plugin: RawPlugin;
let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  plugin = await startRawPlugin();
  gateway = await startGateway({
    plugins: [CRM],
    upstreams: { 'plugin-crm': plugin.url },
    // The circuit has tests of its own: here, every request shall reach the plugin.
    config: { timeout: 1000, circuit: { failures: 1_000_000, window: 1000, open: 1000 } },
  });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});

const get = (path = '/contacts') =>
  fetch(`${gateway.url}/plugin-crm${path}`, { headers: { authorization: `Bearer ${token}` } });

const endlessly = (socket: Socket, piece: string) => {
  const writing = setInterval(() => socket.write(piece), 1);
  socket.once('close', () => clearInterval(writing));
};

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
    'has no end of a header',
    (socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}`),
    'the headers of its answer are too large',
  ],
  [
    'has no end of headers',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      endlessly(socket, 'X-Again: and again\r\n'.repeat(100));
    },
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
    'has a length that is none',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok'),
    'did not answer',
  ],
  [
    'has a length and chunks',
    (socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nevil!'),
    'did not answer',
  ],
  [
    'hides a header behind a carriage return',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nX-A: b\rX-Evil: c\r\nContent-Length: 2\r\n\r\nok'),
    'its answer is not HTTP',
  ],
  [
    'has a space before a colon',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok'),
    'its answer is not HTTP',
  ],
  [
    'upgrades unasked',
    (socket) => socket.end('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    'did not answer',
  ],
  [
    'changes to no protocol',
    (socket) => socket.write('HTTP/1.1 101 Switching\r\n\r\n'),
    'it changed the protocol unasked',
  ],
  [
    'lets a body come that there is not',
    (socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
    'the connection broke before the answer',
  ],
  [
    'announces for ever',
    (socket) => endlessly(socket, 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(10)),
    'it only announces that it will',
  ],
])('a plugin that %s gets 502, in words without its address', async (_, answer, words) => {
  plugin.reply = answer;
  const response = await get();
  const text = await response.text();
  expect([response.status, JSON.parse(text)]).toMatchObject([
    502,
    { success: false, code: 'upstream-failed' },
  ]);
  expect(text).toContain(words);
  expect(text).not.toContain(plugin.url.port);
});

it('a plugin that says nothing but what it will say gets 504 when its time is over', async () => {
  plugin.reply = (socket) => {
    const announcing = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 100);
    socket.once('close', () => clearInterval(announcing));
  };
  const before = performance.now();
  expect((await get()).status).toBe(504);
  expect(performance.now() - before).toBeLessThan(1500);
});

it('an interim answer stays inside, and the answer behind it goes out', async () => {
  const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </internal.css>\r\nX-Hint: 1\r\n\r\n';
  plugin.reply = (socket) => socket.write(hints + answerOf('ok'));
  const client = await openConnection(gateway.port);
  client.write(
    `GET /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
  const answer = await client.closed();
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).not.toMatch(/HTTP\/1\.1 103|x-hint|internal\.css/i);
});

it('a body where there is none does not reach anybody', async () => {
  plugin.reply = (socket) =>
    socket.write('HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevilHTTP/1.1 200 OK\r\n\r\n');
  for (let round = 0; round < 5; round += 1) {
    const response = await get();
    expect([response.status, await response.text()]).toEqual([204, '']);
  }
});

it.each([
  ['of a known length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart'],
  ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'],
  ['in chunks that are none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\nzz\r\n'],
])('an answer %s that breaks off is cut for the client too', async (_, bytes) => {
  plugin.reply = (socket) => socket.end(bytes);
  const before = plugin.seen.length;
  const client = await openConnection(gateway.port);
  client.write(
    `GET /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
  const answer = await client.closed();
  expect(answer).toContain('part');
  expect(answer).not.toContain('0\r\n\r\n');
  expect(plugin.seen).toHaveLength(before + 1);
});

it.each<[string, (socket: Socket, body: string) => void]>([
  ['at once', (socket, body) => socket.write(answerOf(body) + answerOf('evil'))],
  ['in bytes that are none', (socket, body) => socket.write(`${answerOf(body)}evil\0evil`)],
  [
    'when the connection rests',
    (socket, body) => {
      socket.write(answerOf(body));
      setTimeout(() => socket.write(answerOf('evil')), 2);
    },
  ],
])('what follows an answer %s is nobody’s answer, and its connection is not used again', async (_, send) => {
  plugin.reply = (socket, request) => send(socket, request.split(' ')[1] ?? '');
  const asked = Array.from({ length: 60 }, (_, number) => `/contacts/${number}`);
  const [before, connections] = [plugin.seen.length, plugin.connections];
  for (let at = 0; at < asked.length; at += 6) {
    const some = asked.slice(at, at + 6);
    const answers = await Promise.all(some.map(async (path) => (await get(path)).text()));
    expect(answers).toEqual(some);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(plugin.seen.length - before).toBe(asked.length);
  expect(plugin.connections - connections).toBe(asked.length);
});

it('the log names neither the plugin’s address nor a token', async () => {
  plugin.reply = (socket) => socket.destroy();
  await get('/contacts?secret=1');
  const text = JSON.stringify(gateway.journal.lines);
  expect(text).toContain('upstream-failed');
  // As in `127.0.0.1:40000` and in `"port":40000`; by themselves, the digits may stand in any id.
  expect(text).not.toContain(`:${plugin.url.port}`);
  expect(text).not.toContain(token);
  expect(text).not.toContain('secret=1');
});

it('a plugin that is gone gets 503 from the first request on', async () => {
  const own = await startRawPlugin();
  const gone = await startGateway({ plugins: [CRM], upstreams: { 'plugin-crm': own.url } });
  try {
    await own.close();
    const call = async () => {
      const authorization = `Bearer ${await gone.userToken()}`;
      return fetch(`${gone.url}/plugin-crm/contacts`, { headers: { authorization } });
    };
    const first = await call();
    expect([first.status, await first.json()]).toMatchObject([
      503,
      {
        code: 'plugin-unavailable',
        error: 'plugin-crm is not available: nothing listens at its address',
      },
    ]);
    expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0);
    await gone.journal.until('is UNAVAILABLE');
    const second = await call();
    expect([second.status, await second.json()]).toMatchObject([503, { code: 'plugin-unavailable' }]);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    await gone.close();
  }
});
