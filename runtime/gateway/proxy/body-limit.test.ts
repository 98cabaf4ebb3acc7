import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openConnection } from '../testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { echo, startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const LIMIT = 64 * 1024;

let plugin: TestPlugin;
let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  plugin = await startPlugin();
  gateway = await startGateway({
    plugins: [CRM],
    upstreams: { 'plugin-crm': plugin.url },
    settings: { 'plugin-crm': { maxBody: LIMIT } },
  });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});
beforeEach(() => {
  plugin.answer = echo;
});

const post = (body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>) =>
  fetch(`${gateway.url}/plugin-crm/contacts`, {
    method: 'POST',
    body,
    // `duplex` is not in the types yet.
    ...({ duplex: 'half' } as object),
    headers: { authorization: `Bearer ${token}` },
  });

function inPieces(size: number): ReadableStream<Uint8Array> {
  let left = size;
  return new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close();
      const piece = new Uint8Array(Math.min(left, 4096));
      left -= piece.length;
      controller.enqueue(piece);
    },
  });
}

it('a body of just so many bytes passes, however it is framed', async () => {
  for (const body of [new Uint8Array(LIMIT), inPieces(LIMIT)]) {
    const answer = await post(body);
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, LIMIT]);
  }
});

it('a body that announces more does not reach the plugin', async () => {
  const before = plugin.seen.length;
  const answer = await post(new Uint8Array(LIMIT + 1));
  expect([answer.status, await answer.json()]).toMatchObject([413, { code: 'body-too-large' }]);
  expect(plugin.seen).toHaveLength(before);
});

it('a body that turns out to be more ends the call', async () => {
  const cut = new Promise<boolean>((resolve) => {
    plugin.answer = (request) => {
      request.resume().once('error', () => resolve(request.complete));
    };
  });
  const answer = await post(inPieces(LIMIT + 1));
  expect([answer.status, await answer.json()]).toMatchObject([413, { code: 'body-too-large' }]);
  expect(await cut).toBe(false);
});

it('a body without an end is answered, and its connection ended', async () => {
  plugin.answer = (request) => void request.resume();
  const client = await openConnection(gateway.port);
  client.write(
    'POST /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n' +
      `Authorization: Bearer ${token}\r\n\r\n`,
  );
  const piece = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
  const sending = setInterval(() => client.write(piece), 1);
  try {
    expect(await client.until('body-too-large')).toMatch(/^HTTP\/1\.1 413 /);
    await client.closed();
  } finally {
    clearInterval(sending);
  }
});

it('an answer that comes before the body was read ends the call, and the client has it', async () => {
  plugin.answer = (_, response) => {
    response.writeHead(422, { connection: 'close' }).end('too early');
  };
  const client = await openConnection(gateway.port);
  client.write(
    'POST /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n' +
      `Authorization: Bearer ${token}\r\n\r\npart`,
  );
  const answer = await client.until('too early');
  expect(answer).toMatch(/^HTTP\/1\.1 422 /);
  if (!client.socket.closed) await once(client.socket, 'close');
});
