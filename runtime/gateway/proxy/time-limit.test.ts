import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConnection } from '../testing/raw-connection.ts';
import { CRM, route, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

let plugin: TestPlugin;
let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  plugin = await startPlugin();
  const routes = [...CRM.routes, route('GET /slow', { timeoutMs: 2000 })];
  gateway = await startGateway({
    plugins: [{ ...CRM, routes }],
    upstreams: { 'plugin-crm': plugin.url },
    settings: { 'plugin-crm': { timeout: 300 } },
  });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});

const get = (path: string) =>
  fetch(`${gateway.url}/plugin-crm${path}`, { headers: { authorization: `Bearer ${token}` } });

it('a plugin that does not answer gets 504, and its call ends', async () => {
  const ended = new Promise<void>((resolve) => {
    plugin.answer = (_, response) => void response.once('close', resolve);
  });
  const answer = await get('/contacts');
  expect([answer.status, await answer.json()]).toMatchObject([
    504,
    { code: 'upstream-timeout', error: 'plugin-crm did not answer within 300 ms' },
  ]);
  await ended;
});

it('a route has the time that its manifest gives it', async () => {
  plugin.answer = (_, response) => void setTimeout(() => response.end('late'), 500);
  const answer = await get('/slow');
  expect([answer.status, await answer.text()]).toEqual([200, 'late']);
});

it('an answer that stands still is cut, not ended', async () => {
  plugin.answer = (_, response) => void response.write('part');
  const answer = await get('/contacts');
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow('terminated');
});

it('an answer that goes on takes as long as it takes', async () => {
  plugin.answer = (_, response) => {
    let parts = 0;
    const writing = setInterval(() => {
      parts += 1;
      response.write('part ');
      if (parts < 6) return;
      clearInterval(writing);
      response.end();
    }, 100);
  };
  expect(await (await get('/contacts')).text()).toBe('part '.repeat(6));
});

it('a client that stops sending its body gets 408', async () => {
  plugin.answer = (request) => void request.resume();
  const client = await openConnection(gateway.port);
  client.write(
    'POST /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n' +
      `Authorization: Bearer ${token}\r\n\r\npart`,
  );
  expect(await client.until('request-timeout')).toMatch(/^HTTP\/1\.1 408 /);
  if (!client.socket.closed) await once(client.socket, 'close');
});

it('a plugin that does not read the body gets 504', async () => {
  plugin.answer = () => undefined;
  const answer = await fetch(`${gateway.url}/plugin-crm/contacts`, {
    method: 'POST',
    body: 'x',
    headers: { authorization: `Bearer ${token}` },
  });
  expect([answer.status, await answer.json()]).toMatchObject([504, { code: 'upstream-timeout' }]);
});
