import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ANALYTICS, CRM, route } from '../../runtime/gateway/testing/start-gateway.ts';
import { type RawPlugin, startRawPlugin } from '../../runtime/gateway/testing/start-raw-plugin.ts';
import { expectNoSecrets } from './support/expect-no-secrets.ts';
import { valuesOf } from './support/read-answers.ts';
import { register, registrationOf } from './support/register.ts';
import { head, last, lastWith, ROUTES, startTarget, type Target } from './support/start-target.ts';

/** Whatever a client says that is nobody else’s business. */
const SECRET = 'hush-4f2a';

let broken: RawPlugin;
let gone: RawPlugin;
let target: Target;
beforeAll(async () => {
  broken = await startRawPlugin();
  gone = await startRawPlugin();
  const other = (id: string) => ({
    ...ANALYTICS,
    id,
    edges: [],
    requires: [],
    routes: [
      route('GET /public', { auth: false }),
      route('POST /public', { auth: false }),
      route('GET /live', { auth: false, webSocket: true }),
    ],
  });
  target = await startTarget({
    plugins: [
      { ...CRM, routes: [...ROUTES, route('POST /uncheckable')] },
      other('plugin-broken'),
      other('plugin-gone'),
      other('plugin-nowhere'),
    ],
    upstreams: { 'plugin-broken': broken.url, 'plugin-gone': gone.url },
    settings: {
      'plugin-crm': { allowRegistration: ['http://127.0.0.1:*'] },
      'plugin-nowhere': { allowRegistration: ['http://*.plugins.invalid', 'http://127.0.0.1:*'] },
    },
    validation: {
      'plugin-crm': {
        endpoints: {
          'POST /checked': {
            body: {
              type: 'object',
              required: ['name'],
              properties: { name: { type: 'string', pattern: '^[a-z]+$' } },
              additionalProperties: false,
            },
          },
          'GET /search': {
            querystring: {
              type: 'object',
              properties: { take: { type: 'integer' } },
              additionalProperties: false,
            },
          },
        },
      },
    },
    config: { timeout: 300, log: { level: 'trace', access: true } },
  });
  await gone.close();
});
afterAll(async () => {
  // Nobody's answers are looked through for secrets alone: what each holds is known.
  await target.close();
  await broken.close();
});

const JSON_TYPE = 'Content-Type: application/json';

/** Whatever the gateway may say of an error. */
function expectEnvelope(status: number | undefined, body: string) {
  const { success, error, code, requestId, details = [], ...rest } = JSON.parse(body);
  expect([status, success, rest]).toEqual([status, false, {}]);
  expect(code).toMatch(/^[a-z]+(-[a-z]+)+$/);
  expect(requestId).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  expect(error).not.toMatch(
    /Error:|\/(?:tmp|home|work|usr|var)\/|node_modules|undici|fastify|ajv|jose|ECONN|UND_ERR|HPE_|FST_|sqlite|undefined|\[object/i,
  );
  for (const detail of details) expect(Object.keys(detail).sort()).toEqual(['in', 'message', 'path']);
}

describe('an answer to what is refused', () => {
  const refused: readonly (readonly [string, () => string])[] = [
    [
      'no token',
      () => last(`GET /plugin-crm/contacts?token=${SECRET}`, `Cookie: ${SECRET}`, `X-Api-Key: ${SECRET}`),
    ],
    ['a wrong token', () => last('GET /plugin-crm/contacts', `Authorization: Bearer ${SECRET}`)],
    [
      'a password',
      () =>
        last(
          'GET /plugin-crm/contacts',
          `Authorization: Basic ${Buffer.from(`ada:${SECRET}`).toString('base64')}`,
        ),
    ],
    ['a token that was changed', () => last('GET /plugin-crm/contacts', `${target.asAda}x`)],
    ['a token twice', () => last('GET /plugin-crm/contacts', target.asAda, target.asAda)],
    [
      'a wrong context',
      () => last('GET /plugin-crm/contacts', target.asAnalytics, `X-Plexica-Context: ${SECRET}`),
    ],
    [
      'a context that is none',
      () => last('GET /plugin-crm/contacts', target.asAnalytics, `X-Plexica-Context: ${target.asAda}`),
    ],
    [
      'a body against its schema',
      () => lastWith('POST /plugin-crm/checked', `{"name":"${SECRET}"}`, JSON_TYPE, target.asAda),
    ],
    [
      'a body that is cut short',
      () => lastWith('POST /plugin-crm/checked', `{"name":"${SECRET}`, JSON_TYPE, target.asAda),
    ],
    [
      'a body of another type',
      () => lastWith('POST /plugin-crm/checked', SECRET, `Content-Type: ${SECRET}/x`, target.asAda),
    ],
    ['a body too large', () => last('POST /plugin-crm/open', 'Content-Length: 99999999')],
    ['a query against its schema', () => last(`GET /plugin-crm/search?take=${SECRET}`, target.asAda)],
    ['a header in two', () => last('GET /plugin-crm/contacts', `X-A: ${SECRET}\n${SECRET}`)],
    ['a header too large', () => last('GET /plugin-crm/contacts', `X-A: ${SECRET.repeat(2_000)}`)],
    ['a Host of two', () => last('GET /plugin-crm/contacts', `Host: ${SECRET}`)],
    ['an encoding of another kind', () => last('POST /plugin-crm/open', `Transfer-Encoding: ${SECRET}`)],
    [
      'an upgrade',
      () =>
        head(
          'GET /plugin-crm/contacts',
          'Connection: Upgrade',
          'Upgrade: websocket',
          `Sec-WebSocket-Protocol: plexica.bearer.${SECRET}`,
        ),
    ],
    [
      'an upgrade with a wrong token',
      () =>
        head(
          'GET /plugin-crm/live',
          'Connection: Upgrade',
          'Upgrade: websocket',
          `Sec-WebSocket-Protocol: plexica.bearer.${SECRET}`,
        ),
    ],
    [
      'an upgrade of a foreign page',
      () =>
        head(
          'GET /plugin-crm/live',
          'Connection: Upgrade',
          'Upgrade: websocket',
          `Origin: https://${SECRET}.example`,
          target.asAda,
        ),
    ],
    ['a tunnel', () => `CONNECT ${SECRET}:443 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${SECRET}\r\n\r\n`],
    ['a method that is none', () => `${SECRET} / HTTP/1.1\r\n\r\n`],
    ['no request', () => `${SECRET}\r\n\r\n`],
    [
      'a registration that is none',
      () => lastWith('POST /services/register', `{"pluginId":"${SECRET}"`, JSON_TYPE, target.asAnalytics),
    ],
    [
      'a registration with a password',
      () =>
        lastWith(
          'POST /services/register',
          JSON.stringify(registrationOf(`http://ada:${SECRET}@127.0.0.1:1`)),
          JSON_TYPE,
          target.asAnalytics,
        ),
    ],
    [
      'a heartbeat of another',
      () =>
        lastWith(
          'POST /services/plugin-crm/heartbeat',
          JSON.stringify({ baseUrl: `http://x/${SECRET}` }),
          JSON_TYPE,
          target.asAnalytics,
        ),
    ],
    ['the administration', () => last('GET /admin/status', target.asAda, `X-A: ${SECRET}`)],
  ];
  it.each(refused)('%s tells nothing of it', async (_, text) => {
    const [answer] = await target.send(text());
    expect(answer?.status).toBeGreaterThanOrEqual(400);
    expectEnvelope(answer?.status, answer?.body ?? '');
    expect(JSON.stringify(answer)).not.toContain(SECRET);
    for (const name of ['server', 'x-powered-by', 'via', 'x-upstream'])
      expect(valuesOf(answer ?? { headers: [] }, name)).toEqual([]);
  });
});

describe('an answer for a plugin that fails', () => {
  it.each<[string, string]>([
    ['by hanging up', ''],
    ['with something else', `SSH-2.0-${SECRET}\r\n`],
    ['in its head', `HTTP/1.1 200 OK\r\nX-${SECRET}\x01: a\r\n\r\n`],
    ['in its length', `HTTP/1.1 200 OK\r\nContent-Length: ${SECRET}\r\n\r\n`],
    [
      'in its first chunk',
      `HTTP/1.1 200 OK\r\nX-Secret: ${SECRET}\r\nTransfer-Encoding: chunked\r\n\r\n${SECRET}\r\n`,
    ],
    ['with a status that is none', `HTTP/1.1 799 ${SECRET}\r\nContent-Length: 0\r\n\r\n`],
  ])('%s', async (_, bytes) => {
    broken.reply = (socket) => void socket.end(bytes);
    const texts = [
      last('GET /plugin-broken/public'),
      lastWith('POST /plugin-broken/public', 'x'),
      head('GET /plugin-broken/live', 'Connection: Upgrade', 'Upgrade: websocket'),
    ];
    // The head of a plugin's no to an upgrade goes out before the rest of it.
    for (const text of bytes.includes('chunked') ? texts.slice(0, 2) : texts) {
      const [answer] = await target.send(text);
      expect([502, 503]).toContain(answer?.status);
      expectEnvelope(answer?.status, answer?.body ?? '');
      expect(JSON.stringify(answer)).not.toContain(SECRET);
    }
  });

  it('by silence, or by being nowhere', async () => {
    broken.reply = () => undefined;
    for (const [path, statuses] of [
      ['/plugin-broken', [503, 504]],
      ['/plugin-gone', [502, 503]],
      ['/plugin-nowhere', [503]],
    ] as const) {
      for (const text of [
        last(`GET ${path}/public`),
        head(`GET ${path}/live`, 'Connection: Upgrade', 'Upgrade: websocket'),
      ]) {
        const [answer] = await target.send(text);
        expect([path, statuses.some((one) => one === answer?.status)]).toEqual([path, true]);
        expectEnvelope(answer?.status, answer?.body ?? '');
      }
    }
  });
});

it('what everybody may ask tells no address, nor why something fails in its words', async () => {
  const token = await target.gateway.pluginToken('plugin-nowhere');
  target.keepSecret(token, 'secret-host', 'secret-path');
  const asNowhere = `Authorization: Bearer ${token}`;
  for (const baseUrl of [
    'http://secret-host.plugins.invalid/secret-path',
    'http://127.0.0.1:1/secret-path',
  ]) {
    expect(
      (await register(target, { pluginId: 'plugin-nowhere', baseUrl, services: [] }, asNowhere)).status,
    ).toBe(201);
  }
  await vi.waitFor(
    () =>
      expect(
        target.gateway.context.instances
          .healthOf('plugin-nowhere')
          .instances.filter(({ checkedAt }) => checkedAt === undefined),
      ).toEqual([]),
    10_000,
  );
  const admin = await target.gateway.userToken(
    { permissions: ['gateway:admin', 'gateway:metrics'] },
    600_000,
  );
  target.keepSecret(admin);
  const told: string[] = [];
  for (const path of [
    '/health',
    '/ready',
    '/services',
    '/plugins',
    '/plugins/plugin-nowhere',
    '/plugins/plugin-gone',
    '/dependencies/plugin-crm',
    '/services/discover/crm.contacts',
    '/metrics',
    '/admin/status',
    '/openapi.json',
    '/openapi/plugin-crm.json',
    '/docs/documents.json',
    '/plugin-nowhere/public',
  ]) {
    const text = last(`GET ${path}`, `Authorization: Bearer ${admin}`).replace(
      'gateway.example',
      'localhost',
    );
    const [answer] = await target.send(text);
    told.push(answer?.body ?? '');
  }
  const ports = [broken, gone].map(({ url }) => url.port);
  expectNoSecrets(
    told,
    ['secret-host', 'secret-path', 'plugins.invalid', 'ENOTFOUND', 'ECONNREFUSED', '127.0.0.1'],
    ports,
  );
});

it('the log, down to its last detail, holds nothing that anybody said, and no address', async () => {
  // What the tests before this one caused is in it.
  const lines = target.gateway.journal.lines.map((line) => JSON.stringify(line));
  expect(lines.length).toBeGreaterThan(50);
  expectNoSecrets(
    lines,
    [
      SECRET,
      Buffer.from(`ada:${SECRET}`).toString('base64'),
      'secret-host',
      'plugins.invalid',
      '/contacts?',
      'Bearer ',
    ],
    [broken, gone].map(({ url }) => url.port),
  );
  // Nor did any of it take the gateway by surprise.
  expect(target.gateway.journal.lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
