import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConnection } from '../testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

let plugin: TestPlugin;
let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  plugin = await startPlugin();
  gateway = await startGateway({ plugins: [CRM], upstreams: { 'plugin-crm': plugin.url } });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});

/** What a request inside a body would look like. */
const SMUGGLED = 'GET /api/plugin-gateway/plugin-crm/public?smuggled HTTP/1.1\r\nHost: x\r\n\r\n';

const post = (headers: string, body: string) =>
  `POST /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n${headers}\r\n\r\n${body}`;

it.each([
  ['both lengths', 'Content-Length: 4\r\nTransfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`],
  [
    'both lengths, the other way round',
    'Transfer-Encoding: chunked\r\nContent-Length: 4',
    `0\r\n\r\n${SMUGGLED}`,
  ],
  ['two lengths', 'Content-Length: 0\r\nContent-Length: 70', SMUGGLED],
  ['two lengths in one', 'Content-Length: 0, 70', SMUGGLED],
  ['a negative length', 'Content-Length: -1', SMUGGLED],
  ['a length with a sign', 'Content-Length: +0', SMUGGLED],
  ['an unknown encoding', 'Transfer-Encoding: xchunked', SMUGGLED],
  ['chunked that is not last', 'Transfer-Encoding: chunked, identity', `0\r\n\r\n${SMUGGLED}`],
  ['a space before the colon', 'Transfer-Encoding : chunked', `0\r\n\r\n${SMUGGLED}`],
  ['a folded header', 'X-A: b\r\n Transfer-Encoding: chunked', SMUGGLED],
  ['a bare line feed', 'X-A: b\nTransfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`],
  ['a NUL in a header', 'X-A: b\x00c', SMUGGLED],
  ['a chunk size that is none', 'Transfer-Encoding: chunked', `zz\r\n\r\n${SMUGGLED}`],
  ['a chunk that is longer than it says', 'Transfer-Encoding: chunked', `1\r\nabc\r\n0\r\n\r\n${SMUGGLED}`],
])('%s: the connection ends, and what follows is no request', async (_, headers, body) => {
  const connection = await openConnection(gateway.port);
  connection.write(post(headers, body));
  const answer = await connection.closed();
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  const envelope: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
  expect(envelope).toMatchObject({ success: false, code: 'bad-request' });
  expect(plugin.seen.filter(({ target }) => target.includes('smuggled'))).toEqual([]);
});

it('headers larger than allowed get 431', async () => {
  const connection = await openConnection(gateway.port);
  connection.write(post(`X-Large: ${'a'.repeat(17_000)}`, ''));
  const answer = await connection.closed();
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(answer).toContain('"code":"headers-too-large"');
});

it('a body with its length in it arrives as one body', async () => {
  const connection = await openConnection(gateway.port);
  connection.write(post(`Connection: close\r\nContent-Length: ${SMUGGLED.length}`, SMUGGLED));
  const answer = await connection.closed();
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toContain('?smuggled');
  expect(plugin.seen.at(-1)).toMatchObject({ method: 'POST', target: '/contacts' });
});

it('CONNECT gets no tunnel', async () => {
  const connection = await openConnection(gateway.port);
  connection.write(`CONNECT ${plugin.url.host} HTTP/1.1\r\nHost: ${plugin.url.host}\r\n\r\n`);
  expect(await connection.closed()).toMatch(/^HTTP\/1\.1 501 /);
});

it('Upgrade to WebSocket gets 501', async () => {
  const connection = await openConnection(gateway.port);
  connection.write(
    'GET /api/plugin-gateway/plugin-crm/public HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  expect(await connection.until('upgrade-not-supported')).toMatch(/^HTTP\/1\.1 501 /);
  connection.socket.destroy();
});

it('Upgrade to HTTP/2 is not taken up, and the request is answered', async () => {
  const connection = await openConnection(gateway.port);
  connection.write(
    'GET /api/plugin-gateway/plugin-crm/public HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n' +
      'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
  );
  expect(await connection.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  expect(plugin.seen.at(-1)?.headers).not.toHaveProperty('upgrade');
  connection.socket.destroy();
});

it.each([
  ['PROPFIND', 405],
  ['TRACE', 405],
  ['NONSENSE', 400],
])('%s gets %i', async (method, status) => {
  const connection = await openConnection(gateway.port);
  connection.write(
    `${method} /api/plugin-gateway/plugin-crm/public HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
  expect(await connection.closed()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});
