import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTokenSigner, TOKEN_TYPE } from '../identity/signed-token.ts';
import { ANALYTICS, CRM, route, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { echo, startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

/** May take ten minutes. */
const NIGHTLY = route('POST /nightly', { timeoutMs: 600_000 });

let crm: TestPlugin;
let analytics: TestPlugin;
let gateway: TestGateway;
/** As plugin-analytics holds them while it serves a request of ada at acme. */
let pluginToken: string;
let context: string;
beforeAll(async () => {
  crm = await startPlugin();
  analytics = await startPlugin();
  gateway = await startGateway({
    plugins: [CRM, { ...ANALYTICS, routes: [...ANALYTICS.routes, NIGHTLY] }],
    upstreams: { 'plugin-crm': crm.url, 'plugin-analytics': analytics.url },
  });
  pluginToken = await gateway.pluginToken('plugin-analytics');
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([crm.close(), analytics.close()]);
});
beforeEach(async () => {
  analytics.answer = echo;
  crm.answer = echo;
  const headers = { authorization: `Bearer ${await gateway.userToken({ workspaceId: 'w1' })}` };
  expect((await fetch(`${gateway.url}/plugin-analytics/reports`, { method: 'POST', headers })).status).toBe(
    200,
  );
  context = String(analytics.seen.at(-1)?.headers['x-plexica-context']);
});

async function call(method: string, path: string, headers: Record<string, string>) {
  const answer = await fetch(`${gateway.url}/plugin-crm${path}`, { method, headers });
  const text = await answer.text();
  return { status: answer.status, ...(text.startsWith('{') ? JSON.parse(text) : {}) };
}

const asAnalytics = () => ({ authorization: `Bearer ${pluginToken}`, 'x-plexica-context': context });

describe('a plugin', () => {
  it('calls what its edges cover, for the tenant of the request that it serves', async () => {
    expect(await call('GET', '/contacts/7', asAnalytics())).toEqual({ status: 200 });
    expect(crm.seen.at(-1)?.headers).toMatchObject({
      'x-tenant-id': 'acme',
      'x-user-id': 'ada',
      'x-workspace-id': 'w1',
      'x-caller-plugin-id': 'plugin-analytics',
    });
  });

  it('gives its callee a context that is good for the callee', async () => {
    await call('GET', '/contacts', asAnalytics());
    const next = String(crm.seen.at(-1)?.headers['x-plexica-context']);
    expect(next).not.toBe(context);
    const headers = {
      authorization: `Bearer ${await gateway.pluginToken('plugin-crm')}`,
      'x-plexica-context': next,
    };
    const answer = await call('GET', '/contacts', headers);
    expect(answer).toMatchObject({ status: 403, code: 'edge-missing' });
  });

  it.each([
    ['POST', '/contacts', 'add "POST /contacts" to "endpoints"'],
    ['DELETE', '/contacts/7', 'no service of plugin-crm offers it'],
    ['GET', '/internal', '"serviceName":"crm.internal"'],
  ])('may not %s %s, and is told what to declare', async (method, path, words) => {
    const before = crm.seen.length;
    const answer = await call(method, path, asAnalytics());
    expect(answer).toMatchObject({
      status: 403,
      code: 'edge-missing',
      error: expect.stringContaining(words),
    });
    expect(crm.seen).toHaveLength(before);
  });

  it('cannot name a tenant of its own choice', async () => {
    await call('GET', '/contacts', { ...asAnalytics(), 'x-tenant-id': 'other', x_tenant_id: 'other' });
    const { rawHeaders } = crm.seen.at(-1) ?? expect.fail('nothing arrived');
    expect(rawHeaders).toContain('acme');
    expect(rawHeaders).not.toContain('other');
  });

  it('may call others for as long as its own endpoint may take', async () => {
    const authorization = `Bearer ${await gateway.userToken()}`;
    for (const [path, seconds] of [
      ['/reports', 40],
      ['/nightly', 600],
    ] as const) {
      await fetch(`${gateway.url}/plugin-analytics${path}`, { method: 'POST', headers: { authorization } });
      const given = String(analytics.seen.at(-1)?.headers['x-plexica-context']);
      const { exp } = JSON.parse(Buffer.from(given.split('.')[1] ?? '', 'base64url').toString());
      expect(exp - Date.now() / 1000).toBeGreaterThan(seconds);
      expect(exp - Date.now() / 1000).toBeLessThanOrEqual(seconds + 20);
    }
  });

  it('needs a context', async () => {
    const { authorization } = asAnalytics();
    expect(await call('GET', '/contacts', { authorization })).toMatchObject({
      status: 403,
      code: 'tenant-context-missing',
    });
  });

  it.each<[string, () => Promise<string>]>([
    ['is forged', async () => `${context.slice(0, -4)}AAAA`],
    ['claims another tenant', async () => swapPayload(context, { tenant: 'other' })],
    [
      'claims another callee',
      async () => {
        const issued = await gateway.context.contexts.issue(
          { tenantId: 'acme', permissions: [] },
          'plugin-crm',
        );
        return swapPayload(issued, { aud: 'plugin-analytics' });
      },
    ],
    [
      'was given to another plugin',
      () => gateway.context.contexts.issue({ tenantId: 'acme', permissions: [] }, 'plugin-crm'),
    ],
    [
      'has expired',
      async () => {
        const claims = { aud: 'plugin-analytics', tenant: 'acme', permissions: [] };
        const anHourAgo = createTokenSigner(gateway.keys, () => Date.now() - 3_600_000);
        return (await anHourAgo.sign(TOKEN_TYPE.context, claims, 60_000)).token;
      },
    ],
    ['comes twice', async () => `${context}, ${context}`],
    ['is empty', async () => ''],
    ['is a user’s token', () => gateway.userToken()],
    ['is its own token', async () => pluginToken],
  ])('is refused with a context that %s', async (_, make) => {
    const answer = await call('GET', '/contacts', { ...asAnalytics(), 'x-plexica-context': await make() });
    expect(answer).toMatchObject({ status: 403, code: 'tenant-context-invalid' });
  });

  it('is nobody with a token that somebody else signed', async () => {
    const authorization = `Bearer ${pluginToken.slice(0, -4)}AAAA`;
    expect(await call('GET', '/contacts', { ...asAnalytics(), authorization })).toMatchObject({
      status: 401,
      code: 'token-invalid',
    });
  });

  it('needs no context where nobody needs a token, but an edge', async () => {
    const { authorization } = asAnalytics();
    expect(await call('GET', '/public', { authorization })).toMatchObject({
      status: 403,
      code: 'edge-missing',
    });
  });
});

describe('a user', () => {
  it('is told about a permission that is missing', async () => {
    const authorization = `Bearer ${await gateway.userToken({ permissions: ['contacts:read'] })}`;
    expect(await call('POST', '/contacts', { authorization })).toMatchObject({
      status: 403,
      code: 'permission-missing',
      error: expect.stringContaining('"contacts:write"'),
    });
  });

  it('cannot use what is for plugins, nor pass for one', async () => {
    const authorization = `Bearer ${await gateway.userToken()}`;
    const headers = { authorization, 'x-caller-plugin-id': 'plugin-analytics', 'x-plexica-context': context };
    expect(await call('GET', '/internal', headers)).toMatchObject({ status: 403, code: 'users-not-allowed' });
    expect(await call('GET', '/contacts', headers)).toEqual({ status: 200 });
    expect(crm.seen.at(-1)?.headers).not.toHaveProperty('x-caller-plugin-id');
  });

  it.each([
    ['', 'token-missing'],
    ['Bearer x', 'token-invalid'],
    ['Basic dTpw', 'token-invalid'],
  ])('with "%s" for a token gets 401', async (authorization, code) => {
    const answer = await fetch(`${gateway.url}/plugin-crm/contacts`, {
      headers: authorization === '' ? {} : { authorization },
    });
    expect([answer.status, await answer.json()]).toMatchObject([401, { code }]);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });
});

/** The token with other claims, and the signature that it had. */
function swapPayload(token: string, claims: object): string {
  const [header, payload = '', signature] = token.split('.');
  const old: object = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return [header, Buffer.from(JSON.stringify({ ...old, ...claims })).toString('base64url'), signature].join(
    '.',
  );
}
