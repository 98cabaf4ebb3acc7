import { configSchema, routes } from '@plexica/generated/plugins/sample-analytics';
import { loadPluginConfig } from '@plexica/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildApp } from '../app.ts';

const none = { logins: 0, logouts: 0, apiRequests: 0, apiRequestsByPlugin: [] };
const login = { userId: 'ada' };
const request = (pluginId: string) => ({
  requestId: 'r1',
  method: 'GET',
  endpoint: '/contacts',
  pluginId,
  status: 200,
  durationMs: 3,
  caller: { kind: 'user', id: 'ada' },
});

function testApp(config: object = {}) {
  const app = buildApp({
    config: loadPluginConfig(configSchema, { apiKey: 'no-service-here', ...config }),
    now: () => new Date('2026-01-01T00:00:00Z'),
  });
  let count = 0;
  return {
    /** Delivers as the gateway does. */
    async deliver(name: string, tenantId: string, data: object, eventId = `e${++count}`) {
      const headers = {
        'x-tenant-id': tenantId,
        'x-plexica-context': 'signed',
        'x-plexica-event-id': eventId,
      };
      const payload = { tenantId, pluginId: 'sample-analytics', data };
      const reply = await app.inject({ method: 'POST', url: `/hooks/${name}`, headers, payload });
      return reply.statusCode;
    },
    async ask(tenant: string, url = '/counts', method: 'GET' | 'POST' = 'GET') {
      const reply = await app.inject({ method, url, headers: { 'x-tenant-id': tenant } });
      return { status: reply.statusCode, data: reply.json().data };
    },
  };
}

describe('Sample Analytics', () => {
  let { deliver, ask } = testApp();

  beforeEach(() => {
    ({ deliver, ask } = testApp());
  });

  it('counts what its hooks are told, for one tenant at a time', async () => {
    expect(await deliver('user.login', 'acme', login)).toBe(200);
    await deliver('user.login', 'acme', login);
    await deliver('user.logout', 'acme', login);
    await deliver('user.login', '__proto__', login);
    for (const id of ['plugin-crm', 'plugin-analytics', 'plugin-crm']) {
      await deliver('api.request', 'acme', request(id));
    }
    expect((await ask('acme')).data).toEqual({
      logins: 2,
      logouts: 1,
      apiRequests: 3,
      apiRequestsByPlugin: [
        { pluginId: 'plugin-analytics', requests: 1 },
        { pluginId: 'plugin-crm', requests: 2 },
      ],
    });
    expect((await ask('__proto__')).data).toEqual({ ...none, logins: 1 });
    for (const other of ['globex', 'constructor']) expect((await ask(other)).data).toEqual(none);
  });

  it('counts an event once, however often it is delivered', async () => {
    for (const id of ['e1', 'e1', 'e2', 'e1']) await deliver('user.login', 'acme', login, id);
    expect((await ask('acme')).data).toMatchObject({ logins: 2 });
  });

  it('takes hooks that the manifest does not list for unknown', async () => {
    expect(await deliver('user.created', 'acme', login)).toBe(404);
  });

  it('counts nothing where an administrator has turned that off', async () => {
    ({ deliver, ask } = testApp({ trackingEnabled: false }));
    expect(await deliver('user.login', 'acme', login)).toBe(200);
    expect(await deliver('user.logout', 'acme', login)).toBe(200);
    expect(await deliver('api.request', 'acme', request('plugin-crm'))).toBe(200);
    expect((await ask('acme')).data).toEqual(none);
  });

  it('makes reports, and shows a dashboard', async () => {
    await deliver('user.login', 'acme', login);
    expect(await ask('acme', '/analytics/reports', 'POST')).toEqual({
      status: 201,
      data: { createdAt: '2026-01-01T00:00:00.000Z', ...none, logins: 1 },
    });
    expect(await ask('acme', '/analytics/dashboard')).toEqual({ status: 200, data: { ...none, logins: 1 } });
  });

  it.each(Object.values(routes))('serves $method $url, as its manifest says', async ({ method, url }) => {
    // Only a route reads the tenant; an unknown path would be 404.
    expect((await ask('', url, method === 'POST' ? 'POST' : 'GET')).status).toBe(400);
  });
});
