import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openConnection } from '../testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { echo, startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

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
beforeEach(() => {
  plugin.answer = echo;
});

const head = (method: string, ...lines: string[]) =>
  [
    `${method} /api/plugin-gateway/plugin-crm/contacts HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${token}`,
    ...lines,
    '',
    '',
  ].join('\r\n');

/** The next request that reaches the plugin. */
const arrival = () =>
  new Promise<{ request: IncomingMessage; response: ServerResponse }>((resolve) => {
    plugin.answer = (request, response) => resolve({ request, response });
  });

it('a client that goes before the answer began ends the call', async () => {
  const arriving = arrival();
  const client = await openConnection(gateway.port);
  client.write(head('GET'));
  const { response } = await arriving;
  client.socket.destroy();
  await once(response, 'close');
  expect(response.writableFinished).toBe(false);
});

it('a client that goes in the middle of the answer ends the call', async () => {
  const arriving = arrival();
  const client = await openConnection(gateway.port);
  client.write(head('GET'));
  const { response } = await arriving;
  response.write('first part');
  await client.until('first part');
  client.socket.destroy();
  await once(response, 'close');
  expect(response.writableFinished).toBe(false);
});

it.each([
  ['of a known length', 'Content-Length: 100', 'first part'],
  ['in chunks', 'Transfer-Encoding: chunked', 'a\r\nfirst part\r\n'],
])('a client that goes in the middle of its body, %s, ends the call', async (_, framing, part) => {
  const arriving = arrival();
  const client = await openConnection(gateway.port);
  client.write(head('POST', framing) + part);
  const { request } = await arriving;
  expect(String((await once(request, 'data'))[0])).toBe('first part');
  client.socket.destroy();
  // Node reports a body that was cut short as an error.
  expect((await once(request, 'error'))[0]).toMatchObject({ code: 'ECONNRESET' });
  expect(request.complete).toBe(false);
});

it('an upload that is given up leaves nothing behind for the next request', async () => {
  for (let round = 0; round < 5; round += 1) {
    const arriving = arrival();
    const client = await openConnection(gateway.port);
    client.write(`${head('POST', 'Content-Length: 100')}part`);
    const { request } = await arriving;
    client.socket.destroy();
    await once(request.resume(), 'error');
  }
  plugin.answer = echo;
  const answer = await fetch(`${gateway.url}/plugin-crm/contacts`, {
    method: 'POST',
    body: 'whole',
    headers: { authorization: `Bearer ${token}` },
  });
  expect([answer.status, await answer.text()]).toEqual([200, 'whole']);
});
