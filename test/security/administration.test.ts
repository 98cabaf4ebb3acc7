import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register, registrationOf } from './support/register.ts';
import { head, last, startTarget, type Target } from './support/start-target.ts';

let target: Target;
let asAdmin: string;
beforeAll(async () => {
  target = await startTarget({
    settings: { 'plugin-crm': { allowRegistration: ['http://127.0.0.1:*'] } },
    // Whoever may pass on who the client is, this machine's own endpoints do not believe.
    config: { trustedProxies: ['127.0.0.1', '::1'] },
  });
  const token = await target.gateway.userToken(
    { permissions: ['gateway:admin', 'gateway:metrics'] },
    600_000,
  );
  target.keepSecret(token);
  asAdmin = `Authorization: Bearer ${token}`;
});
afterAll(() => target.close());

const ADMIN = ['GET /admin/status', 'POST /admin/reload'];
const asLocal = (endpoint: string, host: string, ...lines: readonly string[]) =>
  last(endpoint, ...lines).replace('gateway.example', host);
const statusOf = async (text: string) => (await target.send(text))[0]?.status;

/** By which a request says, or gives away, that it comes from somebody else than a process of this machine. */
const OF_OTHERS = [
  'X-Forwarded-For: 127.0.0.1',
  'X-Forwarded-For:',
  'x_forwarded_for: 127.0.0.1',
  'X-Forwarded-Host: localhost',
  'X-Forwarded-Proto: https',
  'X-Forwarded-By: me',
  'X-Forwarded: for=127.0.0.1',
  'Forwarded: for=127.0.0.1',
  'Forwarded-For: 127.0.0.1',
  'X-Real-IP: 127.0.0.1',
  'X-Client-IP: 127.0.0.1',
  'Client-IP: 127.0.0.1',
  'True-Client-IP: 127.0.0.1',
  'CF-Connecting-IP: 127.0.0.1',
  'Fastly-Client-IP: 127.0.0.1',
  'X-Cluster-Client-IP: 127.0.0.1',
  'X-Original-Forwarded-For: 127.0.0.1',
  'X-Original-Host: localhost',
  'X-Host: localhost',
  'X-Remote-IP: 127.0.0.1',
  'X-Azure-ClientIP: 127.0.0.1',
  'Via: 1.1 proxy',
  'Origin: http://localhost:4000',
  'Origin: null',
  'Sec-Fetch-Site: same-origin',
  'Sec-Fetch-Site: none',
];

/** Names by which a page may have reached this machine. */
const REBOUND = [
  'evil.example',
  'evil.example:4000',
  'localhost.evil.example',
  'evil.example.localhost.evil.example',
  '127.0.0.1.evil.example',
  '127.0.0.1.nip.io',
  'localtest.me',
  'localhost.localdomain',
  'localhost.',
  'xlocalhost',
  '10.0.0.1',
  '0.0.0.0',
  '[::]',
  '[fe80::1]',
  '[::ffff:10.0.0.1]',
  '2130706433',
  '0x7f.1',
  '127.1',
  '128.0.0.1',
  '',
];

describe.each(ADMIN)('%s', (endpoint) => {
  it('answers an operator on this machine', async () => {
    for (const host of [
      'localhost',
      'LOCALHOST:4000',
      '127.0.0.1:4000',
      '127.3.2.1',
      '[::1]:4000',
      'plexica.localhost',
    ]) {
      expect([host, [200, 409].includes((await statusOf(asLocal(endpoint, host, asAdmin))) ?? 0)]).toEqual([
        host,
        true,
      ]);
    }
  });

  it.each(OF_OTHERS)('is not for somebody behind %s', async (line) => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(await target.send(asLocal(endpoint, host, asAdmin, line))).toMatchObject([
        { status: 403, code: 'admin-only' },
      ]);
    }
  });

  it.each(REBOUND)('is not for a page that calls this machine %j', async (host) => {
    expect(await target.send(asLocal(endpoint, host, asAdmin))).toMatchObject([
      { status: 403, code: 'admin-only' },
    ]);
  });

  it('is not for others, though they are here', async () => {
    const weak = await target.gateway.userToken({
      permissions: ['gateway:admi', 'gateway:admin ', 'GATEWAY:ADMIN', 'gateway:*', '*', 'admin'],
    });
    target.keepSecret(weak);
    expect(await statusOf(asLocal(endpoint, 'localhost'))).toBe(401);
    for (const line of [target.asAda, target.asAnalytics, `Authorization: Bearer ${weak}`]) {
      expect(await statusOf(asLocal(endpoint, 'localhost', line))).toBe(403);
    }
    // A context says what a user may, and is no user.
    const context = await target.gateway.context.contexts.issue(
      { tenantId: 'acme', permissions: ['gateway:admin'] },
      'plugin-analytics',
    );
    target.keepSecret(context);
    expect(
      await statusOf(asLocal(endpoint, 'localhost', target.asAnalytics, `X-Plexica-Context: ${context}`)),
    ).toBe(403);
  });

  it('is there under no other name or method', async () => {
    const [method = '', path = ''] = endpoint.split(' ');
    for (const other of [
      '/Admin/status',
      '/admin//status',
      '/admin/../admin/status',
      '/x/../admin/reload',
      '/admin%2fstatus',
      '/admin;/status',
      '/admin/status/',
      '/plugin-crm/../admin/status',
    ]) {
      const status = await statusOf(asLocal(`${method} ${other}`, 'gateway.example', asAdmin));
      expect([other, [400, 404].includes(status ?? 0)]).toEqual([other, true]);
    }
    for (const another of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].filter(
      (one) => one !== method,
    )) {
      expect([
        another,
        await statusOf(asLocal(`${another} ${path}`, 'gateway.example', 'X-HTTP-Method-Override: POST')),
      ]).toEqual([another, 405]);
    }
    const spelled = path.replace('a', '%61').replace('s', '%73');
    expect(await statusOf(asLocal(`${method} ${spelled}`, 'gateway.example', asAdmin))).toBe(403);
  });
});

describe('metrics', () => {
  it.each(OF_OTHERS)('need a token behind %s', async (line) => {
    expect(await statusOf(asLocal('GET /metrics', 'localhost', line))).toBe(401);
    expect(await statusOf(asLocal('GET /metrics', 'localhost', line, target.asAda))).toBe(403);
    expect(await statusOf(asLocal('GET /metrics', 'localhost', line, asAdmin))).toBe(200);
  });

  it.each(REBOUND)('need a token for a page that calls this machine %j', async (host) => {
    expect(await statusOf(asLocal('GET /metrics', host))).toBe(401);
  });

  it('hold nothing that a client chose', async () => {
    await target.send(last('GET /plugin-evilname/x', target.asAda));
    await target.send(last('GET /plugin-crm/evilname', target.asAda));
    await target.send(head('EVIL /plugin-crm/contacts'));
    const token = await target.gateway.userToken({ tenantId: 'evilname', userId: 'evilname' });
    target.keepSecret(token);
    await target.send(
      last(
        'GET /plugin-crm/contacts?evilname',
        `Authorization: Bearer ${token}`,
        'X-Request-ID: evilname',
        'User-Agent: evilname',
      ),
    );
    const [answer] = await target.send(asLocal('GET /metrics', 'localhost'));
    expect(answer?.status).toBe(200);
    expect(answer?.body).toContain('plugin-crm');
    expect(answer?.body).not.toMatch(/evilname/i);
  });
});

describe('a registration without a token', () => {
  const ask = (host: string, ...lines: readonly string[]) => {
    const body = JSON.stringify(registrationOf('http://127.0.0.1:1'));
    return target.send(
      `${asLocal('POST /services/register', host, 'Content-Type: application/json', `Content-Length: ${body.length}`, ...lines)}${body}`,
    );
  };
  it('is for no page, and for nobody behind a proxy', async () => {
    const before = target.gateway.context.instances.healthOf('plugin-crm').instances.length;
    for (const host of REBOUND) expect([host, (await ask(host))[0]?.status]).toEqual([host, 401]);
    for (const line of OF_OTHERS)
      expect([line, (await ask('localhost', line))[0]?.status]).toEqual([line, 401]);
    expect(target.gateway.context.instances.healthOf('plugin-crm').instances).toHaveLength(before);
  });

  it('is not for one that shows a wrong token, or a user’s', async () => {
    expect((await ask('localhost', 'Authorization: Bearer x'))[0]?.status).toBe(401);
    expect((await ask('localhost', asAdmin))[0]?.status).toBe(403);
    const { status } = await register(target, registrationOf('http://127.0.0.1:1'));
    expect(status).toBe(401);
  });
});
