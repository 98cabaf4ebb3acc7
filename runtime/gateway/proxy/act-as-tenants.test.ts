import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from '../testing/raw-connection.ts';
import { ANALYTICS, CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const EVERYWHERE = { ...ANALYTICS, id: 'plugin-everywhere' };
const NOWHERE = { ...ANALYTICS, id: 'plugin-nowhere' };

let crm: TestPlugin;
let gateway: TestGateway;
beforeAll(async () => {
  crm = await startPlugin();
  gateway = await startGateway({
    plugins: [CRM, ANALYTICS, EVERYWHERE, NOWHERE],
    upstreams: { 'plugin-crm': crm.url },
    settings: {
      'plugin-analytics': { actAsTenants: ['acme', 'globex'] },
      'plugin-everywhere': { actAsTenants: ['*'] },
    },
  });
});
afterAll(async () => {
  await gateway.close();
  await crm.close();
});

async function call(pluginId: string, endpoint: string, ...lines: string[]) {
  return callWith(await gateway.pluginToken(pluginId), endpoint, ...lines);
}

async function callWith(token: string, endpoint: string, ...lines: string[]) {
  const [method, path] = endpoint.split(' ');
  const before = crm.seen.length;
  const head = [
    `${method} /api/plugin-gateway/plugin-crm${path} HTTP/1.1`,
    'Host: gateway',
    'Connection: close',
    `Authorization: Bearer ${token}`,
  ];
  const answer = await sendRaw(gateway.port, [...head, ...lines, '', ''].join('\r\n'));
  const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]),
    ...(body.includes('"code"') ? JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)) : {}),
    arrived: crm.seen.slice(before),
  };
}

describe('a plugin that is granted a tenant', () => {
  it.each([
    ['plugin-analytics', 'acme'],
    ['plugin-analytics', 'globex'],
    ['plugin-everywhere', 'acme'],
    ['plugin-everywhere', 'anybody else'],
  ])('%s acts for %s, without a user', async (pluginId, tenant) => {
    const { status, arrived } = await call(
      pluginId,
      'GET /contacts',
      `X-Plexica-Act-As-Tenant: ${tenant}`,
      'X-Tenant-ID: evil',
      'X-User-ID: evil',
    );
    expect(status).toBe(200);
    const { headers, rawHeaders } = arrived[0] ?? expect.fail('nothing arrived');
    expect(headers).toMatchObject({ 'x-tenant-id': tenant, 'x-caller-plugin-id': pluginId });
    for (const name of ['x-user-id', 'x-workspace-id', 'x-plexica-act-as-tenant', 'authorization']) {
      expect(headers).not.toHaveProperty(name);
    }
    expect(rawHeaders).not.toContain('evil');
    const context = String(headers['x-plexica-context']);
    expect(await gateway.context.contexts.verify(context, 'plugin-crm')).toMatchObject({
      identity: { tenantId: tenant, permissions: [] },
    });
  });

  it('calls nothing that its edges do not cover', async () => {
    expect(
      await call('plugin-everywhere', 'DELETE /contacts/7', 'X-Plexica-Act-As-Tenant: acme'),
    ).toMatchObject({ status: 403, code: 'edge-missing', arrived: [] });
  });

  it('still needs to name one', async () => {
    expect(await call('plugin-everywhere', 'GET /contacts')).toMatchObject({
      status: 403,
      code: 'tenant-context-missing',
      error: expect.stringContaining('X-Plexica-Act-As-Tenant'),
    });
  });

  it.each([
    ['empty', ['X-Plexica-Act-As-Tenant:']],
    ['all tenants', ['X-Plexica-Act-As-Tenant: *']],
    ['not ASCII', ['X-Plexica-Act-As-Tenant: acm\u00e9']],
    ['with a tab in it', ['X-Plexica-Act-As-Tenant: a\tb']],
    ['too long', [`X-Plexica-Act-As-Tenant: ${'a'.repeat(257)}`]],
    ['two in one', ['X-Plexica-Act-As-Tenant: acme, globex']],
    ['there twice', ['X-Plexica-Act-As-Tenant: acme', 'x-plexica-act-as-tenant: acme']],
  ])('is refused with a name that is %s', async (_, lines) => {
    for (const pluginId of ['plugin-everywhere', 'plugin-nowhere']) {
      expect(await call(pluginId, 'GET /contacts', ...lines)).toMatchObject({
        status: 400,
        code: 'bad-header',
        arrived: [],
      });
    }
  });

  it.each([
    [
      'good',
      () => gateway.context.contexts.issue({ tenantId: 'acme', permissions: [] }, 'plugin-everywhere'),
    ],
    ['bad', async () => 'x'],
  ])('is refused with a %s context beside it', async (_, context) => {
    const lines = [`X-Plexica-Context: ${await context()}`, 'X-Plexica-Act-As-Tenant: acme'];
    expect(await call('plugin-everywhere', 'GET /contacts', ...lines)).toMatchObject({
      status: 400,
      code: 'bad-header',
      arrived: [],
    });
  });
});

describe('a plugin that is not granted a tenant', () => {
  it.each([
    ['plugin-analytics', 'initech'],
    ['plugin-analytics', 'ACME'],
    ['plugin-analytics', 'acme2'],
    ['plugin-nowhere', 'acme'],
  ])('%s is told what to add for %s', async (pluginId, tenant) => {
    expect(await call(pluginId, 'GET /contacts', `X-Plexica-Act-As-Tenant: ${tenant}`)).toMatchObject({
      status: 403,
      code: 'tenant-not-granted',
      error: expect.stringContaining(`upstreams.${pluginId}.actAsTenants: ["${tenant}"]`),
      arrived: [],
    });
  });

  it('cannot name one in other spellings of the header', async () => {
    for (const name of ['X_Plexica_Act_As_Tenant', 'X.Plexica.Act.As.Tenant', 'X-Act-As-Tenant']) {
      expect(await call('plugin-everywhere', 'GET /contacts', `${name}: acme`)).toMatchObject({
        status: 403,
        code: 'tenant-context-missing',
      });
    }
  });
});

describe('of others the header is dropped', () => {
  it('of a user', async () => {
    const lines = ['X-Plexica-Act-As-Tenant: globex', 'X-Plexica-Act-As-Tenant: globex'];
    const { status, arrived } = await callWith(await gateway.userToken(), 'GET /contacts', ...lines);
    expect(status).toBe(200);
    expect(arrived[0]?.headers).toMatchObject({ 'x-tenant-id': 'acme', 'x-user-id': 'ada' });
    expect(arrived[0]?.rawHeaders).not.toContain('globex');
  });

  it('of nobody', async () => {
    const answer = await fetch(`${gateway.url}/plugin-crm/public`, {
      headers: { 'x-plexica-act-as-tenant': 'globex' },
    });
    expect(answer.status).toBe(200);
    expect(crm.seen.at(-1)?.headers).not.toHaveProperty('x-tenant-id');
    expect(crm.seen.at(-1)?.headers).not.toHaveProperty('x-plexica-act-as-tenant');
  });
});
