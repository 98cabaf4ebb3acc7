import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { json, startUpstream, type Upstream } from '../instances/testing/upstream.ts';
import { type ApiServer, startApiServer } from './testing/api-server.ts';
import { PLUGINS } from './testing/crm.ts';

let analytics: Upstream;
let gone: Upstream;
let gateway: ApiServer;

beforeAll(async () => {
  analytics = await startUpstream();
  gone = await startUpstream();
  await gone.close();
  gateway = await startApiServer({
    plugins: PLUGINS,
    upstreams: { 'plugin-crm': { urls: [gone.url] }, 'plugin-analytics': { urls: [analytics.url] } },
  });
  await gateway.journal.until('plugin-crm-1 was UNKNOWN and is UNAVAILABLE');
  await vi.waitUntil(() => gateway.instances.choose('plugin-analytics') !== undefined);
});

afterAll(async () => {
  await gateway.close();
  await analytics.close();
});

const CHAIN = 'plugin-crm is UNAVAILABLE: connection refused';

describe('GET /services', () => {
  it('lists services with their state and where the gateway serves them', async () => {
    expect((await get('/services')).body).toMatchObject({
      success: true,
      total: 2,
      data: [
        {
          name: 'crm.contacts',
          version: '1.2.0',
          pluginId: 'plugin-crm',
          state: 'UNAVAILABLE',
          reasons: ['connection refused'],
          baseUrl: '/api/plugin-gateway/plugin-crm',
          endpoints: [
            { method: 'GET', path: '/contacts' },
            { method: 'GET', path: '/contacts/:id' },
          ],
        },
        { name: 'crm.deals' },
      ],
    });
  });

  it('finds one by name, or a similar one', async () => {
    expect((await get('/services/discover/crm.deals')).body).toMatchObject({
      success: true,
      data: { name: 'crm.deals', pluginId: 'plugin-crm' },
    });
    expect(await get('/services/discover/crm.deal')).toMatchObject({
      status: 404,
      body: {
        code: 'service-not-found',
        error: 'there is no service "crm.deal" in the route table; did you mean "crm.deals"?',
      },
    });
  });
});

describe('GET /plugins', () => {
  it('lists plugins with their state, reasons and instances', async () => {
    expect((await get('/plugins')).body).toMatchObject({
      success: true,
      total: 3,
      data: [
        {
          id: 'plugin-crm',
          name: 'CRM',
          version: '1.0.0',
          state: 'UNAVAILABLE',
          reasons: ['connection refused'],
          instances: [{ id: 'plugin-crm-1', state: 'UNAVAILABLE', source: 'configured' }],
          services: [
            { name: 'crm.contacts', version: '1.2.0' },
            { name: 'crm.deals', version: '1.0.0' },
          ],
        },
        { id: 'plugin-analytics', state: 'DEGRADED', reasons: [CHAIN], requires: ['plugin-crm'] },
        { id: 'plugin-board', state: 'UNAVAILABLE', reasons: ['no instance is configured or registered'] },
      ],
    });
  });

  it('shows one, or 404', async () => {
    expect((await get('/plugins/plugin-analytics')).body).toMatchObject({
      success: true,
      data: { id: 'plugin-analytics', state: 'DEGRADED' },
    });
    expect(await get('/plugins/constructor')).toMatchObject({
      status: 404,
      body: { code: 'plugin-not-found' },
    });
  });
});

describe('GET /dependencies/:pluginId', () => {
  it('tells each edge with its state and reasons', async () => {
    expect((await get('/dependencies/plugin-analytics')).body).toEqual({
      success: true,
      data: {
        pluginId: 'plugin-analytics',
        state: 'DEGRADED',
        reasons: [CHAIN],
        dependencies: [
          {
            pluginId: 'plugin-crm',
            serviceName: 'crm.contacts',
            required: true,
            range: '^1.0.0',
            version: '1.2.0',
            running: [],
            endpoints: ['GET /contacts'],
            state: 'UNAVAILABLE',
            reasons: ['connection refused'],
          },
        ],
        chain: [{ pluginId: 'plugin-crm', via: [], state: 'UNAVAILABLE', reasons: ['connection refused'] }],
      },
    });
  });

  it('follows the chain to its end', async () => {
    expect((await get('/dependencies/plugin-board')).body).toMatchObject({
      data: {
        dependencies: [],
        chain: [
          { pluginId: 'plugin-analytics', via: [], state: 'DEGRADED', reasons: [CHAIN] },
          { pluginId: 'plugin-crm', via: ['plugin-analytics'], state: 'UNAVAILABLE' },
        ],
      },
    });
  });

  it('tells which versions run, and what is wrong with them', async () => {
    const crm = await startUpstream();
    crm.info = json({
      id: 'plugin-crm',
      version: '2.0.0',
      services: [{ name: 'crm.contacts', version: '2.1.0', endpoints: [] }],
    });
    const other = await startApiServer({
      plugins: PLUGINS,
      upstreams: { 'plugin-crm': { urls: [crm.url] } },
    });
    try {
      const reason = 'it runs crm.contacts 2.1.0, and plugin-analytics asks for ^1.0.0';
      await other.journal.until(`is DEGRADED: ${reason}`);
      const { body } = await other.call('GET', '/dependencies/plugin-analytics', { token: other.userToken });
      expect(body).toMatchObject({
        data: {
          dependencies: [{ range: '^1.0.0', running: ['2.1.0'], state: 'DEGRADED', reasons: [reason] }],
        },
      });
      expect(await other.call('GET', '/plugins/plugin-crm', { token: other.userToken })).toMatchObject({
        body: {
          data: {
            version: '1.0.0',
            state: 'DEGRADED',
            instances: [{ version: '2.0.0', serviceVersions: { 'crm.contacts': '2.1.0' }, reason }],
          },
        },
      });
    } finally {
      await other.close();
      await crm.close();
    }
  });

  it('ends in a cycle too', async () => {
    const cyclic = await startApiServer({
      plugins: [
        { id: 'a', requires: ['b'] },
        { id: 'b', requires: ['c', 'b'] },
        { id: 'c', requires: ['a', 'gone'] },
      ],
    });
    try {
      expect((await cyclic.call('GET', '/dependencies/a', { token: cyclic.userToken })).body).toMatchObject({
        data: {
          chain: [
            { pluginId: 'b', via: [] },
            { pluginId: 'c', via: ['b'] },
            { pluginId: 'gone', via: ['b', 'c'], reasons: ['it is not in the route table'] },
          ],
        },
      });
    } finally {
      await cyclic.close();
    }
  });

  it('knows no other plugins', async () => {
    expect(await get('/dependencies/plugin-x')).toMatchObject({
      status: 404,
      body: { code: 'plugin-not-found' },
    });
  });
});

describe('what needs a token, and what does not', () => {
  it.each([
    '/services',
    '/services/discover/crm.deals',
    '/plugins',
    '/plugins/plugin-crm',
    '/dependencies/plugin-crm',
  ])('%s is for users and plugins', async (path) => {
    expect(await gateway.call('GET', path)).toMatchObject({ status: 401, body: { code: 'token-missing' } });
    expect(await gateway.call('GET', path, { token: 'x.y.z' })).toMatchObject({ status: 401 });
    expect(
      (await gateway.call('GET', path, { token: await gateway.pluginToken('plugin-board') })).status,
    ).toBe(200);
  });

  it('never tells where an instance is', async () => {
    const answers = [
      await get('/services'),
      await get('/plugins'),
      await get('/dependencies/plugin-board'),
      await get('/ready'),
      await get('/health'),
    ];
    const told = JSON.stringify(answers.map(({ body }) => body));
    for (const { url } of [gone, analytics]) {
      expect(told).not.toContain(url.port);
      expect(told).not.toContain(url.hostname);
    }
  });

  it('other methods get 405', async () => {
    const answer = await gateway.call('DELETE', '/plugins/plugin-crm', { token: gateway.userToken });
    expect(answer).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } });
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });

  it('GET /health says that the gateway lives', async () => {
    expect(await gateway.call('GET', '/health')).toMatchObject({
      status: 200,
      body: { success: true, data: { status: 'ok' } },
    });
  });
});

describe('GET /ready', () => {
  it('is 503 until every configured instance has been checked, and lists all plugins', async () => {
    const slow = await startUpstream(() => {});
    const starting = await startApiServer({
      plugins: PLUGINS,
      upstreams: { 'plugin-crm': { urls: [slow.url] } },
    });
    try {
      const early = await starting.call('GET', '/ready');
      expect(early).toMatchObject({
        status: 503,
        body: {
          success: false,
          code: 'not-ready',
          error: 'not all plugins have been checked yet: plugin-crm',
          data: { plugins: [{ id: 'plugin-crm', state: 'UNAVAILABLE' }, {}, {}] },
        },
      });
      expect(early.headers.get('retry-after')).toBe('1');
    } finally {
      await starting.close();
      await slow.close();
    }
  });

  it('is 200 afterwards, also where a plugin is down: the gateway can say so', async () => {
    expect(await gateway.call('GET', '/ready')).toEqual(
      expect.objectContaining({
        status: 200,
        body: {
          success: true,
          data: {
            status: 'ready',
            plugins: [
              { id: 'plugin-crm', state: 'UNAVAILABLE' },
              { id: 'plugin-analytics', state: 'DEGRADED' },
              { id: 'plugin-board', state: 'UNAVAILABLE' },
            ],
          },
        },
      }),
    );
  });
});

function get(path: string) {
  return gateway.call('GET', path, { token: gateway.userToken });
}
