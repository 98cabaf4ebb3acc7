import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openConnection } from '../testing/raw-connection.ts';
import { route, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const LIMIT = 64 * 1024;

let plugin: TestPlugin;
let gateway: TestGateway;
let token: string;
let reached: number;
beforeAll(async () => {
  plugin = await startPlugin();
  gateway = await startGateway({
    plugins: [{ id: 'crm', routes: [route('POST /contacts'), route('POST /slow', { timeoutMs: 100 })] }],
    upstreams: { crm: plugin.url },
    settings: { crm: { maxBody: LIMIT } },
    validation: {
      crm: {
        endpoints: {
          'POST /contacts': { body: { type: 'object', required: ['name'] } },
          'POST /slow': { body: { type: 'object' } },
        },
      },
    },
  });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});
beforeEach(() => {
  reached = plugin.seen.length;
});

const head = (path: string, ...lines: string[]) =>
  [
    `POST /api/plugin-gateway/crm${path} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    ...lines,
    '',
    '',
  ].join('\r\n');
const whole = (body: string, path = '/contacts') => head(path, `Content-Length: ${body.length}`) + body;

it('a connection goes on after a body that was refused', async () => {
  const client = await openConnection(gateway.port);
  client.write(whole('{"nme":"Ada"}'));
  await client.until('"/name"');
  client.write(whole('not JSON'));
  await client.until('the body is not JSON');
  client.write(whole('{"name":"Ada"}'));
  expect(await client.until('{"name":"Ada"}')).not.toContain('onnection: close');
  client.socket.destroy();
  expect(plugin.seen).toHaveLength(reached + 1);
});

it('a connection goes on after a body that was not even read', async () => {
  const client = await openConnection(gateway.port);
  client.write(whole('<name>Ada</name>').replace('application/json', 'application/xml'));
  await client.until('unsupported-media-type');
  client.write(whole('{"name":"Ada"}'));
  await client.until('{"name":"Ada"}');
  client.socket.destroy();
});

it('requests that were sent all at once are answered one by one, in order', async () => {
  const client = await openConnection(gateway.port);
  client.write(
    whole('{"nme":1}') +
      whole('{"name":2}') +
      whole('[[[') +
      whole('{"name":4}').replace('\r\nHost', '\r\nConnection: close\r\nHost'),
  );
  const answers = (await client.closed()).match(/HTTP\/1\.1 (\d+)/g);
  expect(answers).toEqual(['HTTP/1.1 400', 'HTTP/1.1 200', 'HTTP/1.1 400', 'HTTP/1.1 200']);
});

it('a refused body cannot smuggle a request along', async () => {
  const inner = whole('{"name":"smuggled"}');
  const client = await openConnection(gateway.port);
  client.write(whole(inner) + whole('{"name":"last"}').replace('\r\nHost', '\r\nConnection: close\r\nHost'));
  const answers = await client.closed();
  expect(answers.match(/HTTP\/1\.1 (\d+)/g)).toEqual(['HTTP/1.1 400', 'HTTP/1.1 200']);
  expect(plugin.seen).toHaveLength(reached + 1);
});

it('a body that turns out to be too large is refused while it comes, and the connection ends', async () => {
  const client = await openConnection(gateway.port);
  client.write(head('/contacts', 'Transfer-Encoding: chunked'));
  const piece = `1000\r\n${' '.repeat(0x1000)}\r\n`;
  const sending = setInterval(() => client.write(piece), 1);
  try {
    expect(await client.until('body-too-large')).toMatch(/^HTTP\/1\.1 413 /);
    await client.closed();
  } finally {
    clearInterval(sending);
  }
  expect(plugin.seen).toHaveLength(reached);
});

it('a client that stops sending is told so, and its connection ends', async () => {
  const client = await openConnection(gateway.port);
  client.write(`${head('/slow', 'Content-Length: 100')}{"name":`);
  expect(await client.until('no more of the body came within 100 ms')).toMatch(/^HTTP\/1\.1 408 /);
  await client.closed();
  expect(plugin.seen).toHaveLength(reached);
});

it('a body may take long, as long as it comes', async () => {
  const client = await openConnection(gateway.port);
  const body = '{"name":"Ada"}';
  client.write(head('/slow', `Content-Length: ${body.length}`));
  for (const character of body) {
    await new Promise((resolve) => setTimeout(resolve, 15));
    client.write(character);
  }
  await client.until(body);
  client.socket.destroy();
});

it('clients that go away while their bodies are read leave nothing behind', async () => {
  const framings = ['Content-Length: 100', 'Transfer-Encoding: chunked'];
  const clients = await Promise.all(framings.map(() => openConnection(gateway.port)));
  for (const [at, client] of clients.entries())
    client.write(`${head('/contacts', framings[at] ?? '')}4\r\n{"na\r\n`);
  // The answer to this one says that the gateway has read what came before it.
  const other = await openConnection(gateway.port);
  other.write(whole('{}'));
  await other.until('request-invalid');
  for (const { socket } of clients) socket.destroy();
  await Promise.all(clients.map(({ closed }) => closed()));
  other.write(whole('{"name":"Ada"}'));
  await other.until('{"name":"Ada"}');
  other.socket.destroy();
  expect(plugin.seen).toHaveLength(reached + 1);
  // Levels of pino: from 50 on, something is wrong with the gateway.
  expect(gateway.journal.lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
