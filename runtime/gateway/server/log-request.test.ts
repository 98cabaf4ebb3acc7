import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openConnection } from '../testing/raw-connection.ts';
import { ANALYTICS, CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { echo, startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

let plugin: TestPlugin;
let gateway: TestGateway;
let authorization: string;
beforeAll(async () => {
  plugin = await startPlugin();
  gateway = await startGateway({ plugins: [CRM, ANALYTICS], upstreams: { 'plugin-crm': plugin.url } });
  authorization = `Bearer ${await gateway.userToken()}`;
});
beforeEach(() => {
  plugin.answer = echo;
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});

/** The line of the next request. */
async function lineOf(path: string, init: RequestInit = {}) {
  const headers = { authorization, traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01`, ...init.headers };
  const answer = await fetch(`${gateway.url}${path}`, { ...init, headers }).catch(() => undefined);
  await answer?.text().catch(() => undefined);
  return gateway.journal.until('answered');
}

const COMMON = { level: 30, requestId: expect.any(String), traceId: TRACE_ID, ms: expect.any(Number) };

describe('a request has one line when it is over', () => {
  it('with what was asked, by whom, and what came of it', async () => {
    plugin.answer = (_request, response) => response.end('{"id":"c-1"}');
    expect(await lineOf('/plugin-crm/contacts/c-1?secret=1')).toEqual({
      ...COMMON,
      time: expect.any(Number),
      method: 'GET',
      route: 'GET /contacts/:id',
      plugin: 'plugin-crm',
      instance: 'plugin-crm-1',
      caller: 'user',
      tenant: 'acme',
      client: '127.0.0.1',
      status: 200,
      bytes: 12,
      msg: 'answered',
    });
  });

  it('without bytes where an answer says how long it would be, and has no body', async () => {
    plugin.answer = (_request, response) => response.writeHead(304, { 'content-length': 12 }).end();
    const line = await lineOf('/plugin-crm/contacts/c-1');
    expect(line).toMatchObject({ status: 304 });
    expect(line).not.toHaveProperty('bytes');
  });

  it('of a plugin’s call, with the plugin’s name', async () => {
    const token = await gateway.pluginToken('plugin-analytics');
    const tenant = { tenantId: 'acme', permissions: [] };
    const context = await gateway.context.contexts.issue(tenant, 'plugin-analytics');
    const headers = { authorization: `Bearer ${token}`, 'x-plexica-context': context };
    expect(await lineOf('/plugin-crm/contacts', { headers })).toMatchObject({
      caller: 'plugin-analytics',
      tenant: 'acme',
    });
  });

  it('when it was refused: for whom it was, and why', async () => {
    expect(await lineOf('/plugin-crm/internal')).toMatchObject({
      ...COMMON,
      route: 'GET /internal',
      plugin: 'plugin-crm',
      caller: 'user',
      client: '127.0.0.1',
      status: 403,
      code: 'users-not-allowed',
    });
    expect(await lineOf('/plugin-crm/contacts', { headers: { authorization: '' } })).toMatchObject({
      plugin: 'plugin-crm',
      caller: 'anonymous',
      status: 401,
    });
    expect(await lineOf('/plugin-crm/%zz')).toMatchObject({ status: 400 });
  });

  it('when the plugin failed, with the reason that the client got', async () => {
    plugin.answer = (_request, response) => response.destroy();
    expect(await lineOf('/plugin-crm/contacts', { method: 'POST' })).toMatchObject({
      status: 502,
      code: 'upstream-failed',
      reason: expect.stringContaining('plugin-crm did not answer'),
    });
  });

  it('when its answer broke off, and when its client went away', async () => {
    plugin.answer = (_request, response) => {
      response.write('part');
      setTimeout(() => response.destroy(), 10);
    };
    expect(await lineOf('/plugin-crm/contacts')).toMatchObject({
      status: 200,
      msg: 'not answered to the end',
    });

    const arrived = new Promise<void>((resolve) => {
      plugin.answer = () => resolve();
    });
    const client = await openConnection(gateway.port);
    client.write('GET /api/plugin-gateway/plugin-crm/public HTTP/1.1\r\nHost: x\r\n\r\n');
    await arrived;
    client.socket.destroy();
    const line = await gateway.journal.until('not answered to the end');
    expect(line).toMatchObject({ route: 'GET /public', caller: 'anonymous' });
    expect(line).not.toHaveProperty('status');
  });

  it('of the gateway’s own endpoints too', async () => {
    expect(await lineOf('/plugins')).toMatchObject({
      ...COMMON,
      method: 'GET',
      route: '/api/plugin-gateway/plugins',
      caller: 'user',
      status: 200,
    });
  });
});

it('no request has a line where plexica.yaml says `log: { access: false }`', async () => {
  const quiet = await startGateway({
    plugins: [CRM],
    upstreams: { 'plugin-crm': plugin.url },
    config: { log: { level: 'info', access: false } },
  });
  await (await fetch(`${quiet.url}/plugin-crm/public`)).text();
  await (await fetch(`${quiet.url}/health`)).text();
  await (await fetch(`${quiet.url}/plugin-crm/%zz`)).text();
  await quiet.close();
  expect(quiet.journal.lines.filter((line) => 'route' in line || line.msg.includes('answered'))).toEqual([]);
  expect(quiet.journal.lines.length).toBeGreaterThan(0);
});
