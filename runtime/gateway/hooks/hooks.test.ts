import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { issuePlatformToken } from '../identity/platform-token.ts';
import { createTokenSigner } from '../identity/signed-token.ts';
import { CRM, route, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const COUNTER = {
  id: 'sample-analytics',
  routes: [route('GET /counts')],
  hooks: ['user.login', 'api.request'],
};

/** What the hooks were told, in order. */
interface Told {
  readonly path: string;
  readonly headers: TestPlugin['seen'][number]['headers'];
  readonly body: { readonly tenantId: string; readonly data: Readonly<Record<string, unknown>> };
}

let counter: TestPlugin;
let crm: TestPlugin;
let gateway: TestGateway;
let told: Told[];
/** The status that a hook answers with, or that it breaks the connection. */
let answer: (one: Told) => number | 'hangs up';

beforeEach(async () => {
  told = [];
  answer = () => 204;
  counter = await startPlugin();
  counter.answer = (request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: JSON.parse(text) };
      told.push(one);
      const status = answer(one);
      if (status === 'hangs up') response.destroy();
      else response.writeHead(status).end();
    });
  };
  crm = await startPlugin();
  gateway = await startGateway({
    plugins: [CRM, COUNTER],
    upstreams: { 'sample-analytics': counter.url, 'plugin-crm': crm.url },
    config: { health: { interval: 100, timeout: 5_000, slow: 4_000, rise: 1, fall: 1 } },
  });
});

afterEach(async () => {
  await gateway.close();
  await counter.close();
  await crm.close();
});

let count = 0;
const TRACE = {
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  tracestate: 'vendor=1, other=2',
};

async function login(tenantid: string, data: object = { userId: 'ada' }): Promise<string> {
  const [id = ''] = await logins([tenantid, data]);
  return id;
}

/** As the platform does it: all of them at once. */
async function logins(...those: readonly (readonly [tenantid: string, data: object])[]): Promise<string[]> {
  const events = those.map(([tenantid, data]) => {
    count += 1;
    return {
      specversion: '1.0',
      id: `login-${count}`,
      source: '/platform',
      type: 'user.login',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      tenantid,
      userid: 'ada',
      ...TRACE,
      data,
    };
  });
  const { token } = await issuePlatformToken(createTokenSigner(gateway.keys, Date.now));
  const response = await fetch(`${gateway.url}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify(events),
  });
  expect(await response.json()).toMatchObject({ success: true });
  return events.map(({ id }) => id);
}

describe('a legacy hook', () => {
  it('is told of the event, as a PluginHookContext with the identity headers of any call', async () => {
    const id = await login('acme');
    await vi.waitUntil(() => told.length === 1);
    expect(told[0]).toMatchObject({
      path: '/hooks/user.login',
      headers: {
        'x-tenant-id': 'acme',
        'x-user-id': 'ada',
        'x-plexica-event-id': id,
        'x-plexica-context': expect.any(String),
        'content-type': 'application/json',
        ...TRACE,
      },
      body: { tenantId: 'acme', userId: 'ada', pluginId: 'sample-analytics', data: { userId: 'ada' } },
    });
    // With this context it may call others for the tenant of the event.
    const context = String(told[0]?.headers['x-plexica-context']);
    expect(await gateway.context.contexts.verify(context, 'sample-analytics')).toMatchObject({
      identity: { tenantId: 'acme' },
    });
  });

  it('is tried again, in tenant order, while other tenants go on', async () => {
    let refusals = 2;
    answer = ({ body }) => (body.tenantId === 'acme' && refusals-- > 0 ? 503 : 200);
    await logins(['acme', { userId: '1' }], ['acme', { userId: '2' }], ['beta', { userId: '3' }]);
    await vi.waitUntil(() => told.length === 5);
    const acme = told.filter(({ body }) => body.tenantId === 'acme').map(({ body }) => body.data.userId);
    expect(acme).toEqual(['1', '1', '1', '2']);
    const beta = told.findIndex(({ body }) => body.tenantId === 'beta');
    expect(beta).toBeLessThan(4);
  });

  it('becomes a dead letter after its last attempt, and the next event comes', async () => {
    answer = ({ body }) => (body.data.userId === 'poison' ? 500 : 200);
    await login('acme', { userId: 'poison' });
    await login('acme', { userId: 'ada' });
    await vi.waitUntil(() => told.at(-1)?.body.data.userId === 'ada');
    expect(told.filter(({ body }) => body.data.userId === 'poison')).toHaveLength(3);
    const letter = await gateway.journal.until('a hook was given up');
    expect(letter).toMatchObject({ plugin: 'sample-analytics', event: 'user.login', attempts: 3 });
  });

  it('that kills its plugin is given up like one that answers 500', async () => {
    answer = ({ body }) => (body.data.userId === 'poison' ? 'hangs up' : 200);
    await login('acme', { userId: 'poison' });
    await login('acme', { userId: 'ada' });
    const letter = await gateway.journal.until('a hook was given up');
    expect(letter).toMatchObject({ attempts: 3, error: expect.stringContaining('did not answer') });
    await vi.waitUntil(() => told.at(-1)?.body.data.userId === 'ada');
    expect(told.filter(({ body }) => body.data.userId === 'poison')).toHaveLength(3);
  });

  it('waits for a plugin that is away, however long: that is no attempt', async () => {
    await counter.close();
    await login('acme');
    await gateway.journal.until('UNAVAILABLE');
    const { answer: count } = counter;
    counter = await startPlugin(Number(counter.url.port));
    counter.answer = count;
    await vi.waitUntil(() => told.length === 1, 10_000);
    expect(gateway.journal.lines.filter(({ msg }) => msg.includes('a hook'))).toEqual([]);
  }, 15_000);
});

describe('api.request', () => {
  it('is published for requests of tenants, with the pattern and not the path', async () => {
    const authorization = `Bearer ${await gateway.userToken()}`;
    await fetch(`${gateway.url}/plugin-crm/contacts/7?secret=1`, { headers: { authorization } });
    await fetch(`${gateway.url}/plugin-crm/public`);
    await vi.waitUntil(() => told.length === 1);
    expect(told[0]?.path).toBe('/hooks/api.request');
    expect(told[0]?.body).toMatchObject({
      tenantId: 'acme',
      userId: 'ada',
      data: {
        method: 'GET',
        endpoint: '/contacts/:id',
        pluginId: 'plugin-crm',
        status: 200,
        caller: { kind: 'user', id: 'ada' },
      },
    });
    expect(JSON.stringify(told)).not.toContain('secret');
  });

  it('does not tell a plugin of what it does because it was told', async () => {
    const edges = [
      {
        plugin: 'plugin-crm',
        service: 'crm.contacts',
        version: '^1.0.0',
        required: false,
        contract: `sha256:${'0'.repeat(64)}`,
        endpoints: ['GET /contacts'],
      },
    ];
    const own = await startGateway({
      plugins: [CRM, { ...COUNTER, edges }],
      upstreams: { 'sample-analytics': counter.url, 'plugin-crm': crm.url },
    });
    try {
      const context = await own.context.contexts.issue(
        { tenantId: 'acme', permissions: [] },
        'sample-analytics',
      );
      const authorization = `Bearer ${await own.pluginToken('sample-analytics')}`;
      const call = await fetch(`${own.url}/plugin-crm/contacts`, {
        headers: { authorization, 'x-plexica-context': context },
      });
      expect(call.status).toBe(200);
      const user = `Bearer ${await own.userToken()}`;
      await fetch(`${own.url}/plugin-crm/contacts`, { headers: { authorization: user } });
      await vi.waitUntil(() => told.length === 1);
      expect(told[0]?.body.data.caller).toEqual({ kind: 'user', id: 'ada' });
    } finally {
      await own.close();
    }
  });
});
