import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valuesOf } from './support/read-answers.ts';
import { last, startTarget, type Target } from './support/start-target.ts';

let open: Target;
let closed: Target;
beforeAll(async () => {
  open = await startTarget({
    config: {
      cors: {
        origins: ['https://app.example', 'https://*.apps.example:8443'],
        credentials: true,
        maxAge: 600_000,
      },
    },
  });
  closed = await startTarget();
  const everything = { 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true' };
  for (const { crm } of [open, closed]) {
    crm.answer = (_, response) =>
      void response.writeHead(200, { ...everything, 'set-cookie': 'a=b', vary: 'Accept' }).end('ok');
  }
});
afterAll(async () => {
  await open.close();
  await closed.close();
});

const FOREIGN = [
  'null',
  'https://evil.example',
  'http://app.example',
  'https://app.example.evil.example',
  'https://evilapp.example',
  'https://app.example:443',
  'https://app.example:8443',
  'https://APP.example',
  'HTTPS://app.example',
  'https://app.example/',
  'https://app.example.',
  'https://app.example#',
  'https://app.example?x',
  'https://user@app.example',
  'https://app.example@evil.example',
  'https://app.example, https://evil.example',
  'https://evil.example, https://app.example',
  'https://app.example https://evil.example',
  ' https://app.example.evil.example',
  'https://apps.example:8443',
  'https://.apps.example:8443',
  'https://a.apps.example',
  'http://a.apps.example:8443',
  'https://a.apps.example:8443.evil.example',
  'https://a.apps.example:8443@evil.example',
  'https://evil.example/.apps.example:8443',
  'https://evil.example?.apps.example:8443',
  'https://evil.example#.apps.example:8443',
  'https://evil.example\\.apps.example:8443',
  'https://a%00.apps.example:8443',
  'https://*.apps.example:8443',
  'https://a..apps.example:8443',
  'file://',
  'about:blank',
  'https://gateway.example',
  '*',
  '',
];

/** Answers of every kind: of a plugin, refused, of the gateway, not found, no request at all. */
const ENDPOINTS: readonly (readonly [string, (target: Target) => readonly string[], number])[] = [
  ['GET /plugin-crm/public', () => [], 200],
  ['GET /plugin-crm/contacts', (target) => [target.asAda], 200],
  ['GET /plugin-crm/contacts', () => [], 401],
  ['GET /plugin-crm/internal', (target) => [target.asAda], 403],
  ['GET /plugin-crm/nowhere', () => [], 404],
  ['GET /plugin-nowhere', () => [], 404],
  ['GET /plugin-crm/a/../b', () => [], 400],
  ['GET /plugin-crm/%zz', () => [], 400],
  ['GET /health', () => [], 200],
  ['GET /openapi/none.json', () => [], 404],
  ['PATCH /health', () => [], 405],
  ['OPTIONS /plugin-crm/contacts', () => [], 405],
];

const ofOrigin = (
  target: Target,
  endpoint: string,
  lines: readonly string[],
  ...origins: readonly string[]
) => target.send(last(endpoint, ...lines, ...origins.map((origin) => `Origin: ${origin}`)));
const allowed = (headers: readonly (readonly [string, string])[]) =>
  headers.filter(([name]) => name.startsWith('access-control-'));

describe('a page that is not listed', () => {
  it.each(FOREIGN)('of %j reads nothing', async (origin) => {
    for (const target of [open, closed]) {
      for (const [endpoint, lines, status] of ENDPOINTS) {
        const [answer] = await ofOrigin(target, endpoint, lines(target), origin);
        expect([endpoint, answer?.status, allowed(answer?.headers ?? [])]).toEqual([endpoint, status, []]);
      }
      const preflight = [
        'Access-Control-Request-Method: POST',
        'Access-Control-Request-Headers: authorization, content-type',
      ];
      const [answer] = await ofOrigin(target, 'OPTIONS /plugin-crm/contacts', preflight, origin);
      expect([answer?.status, allowed(answer?.headers ?? [])]).toEqual([405, []]);
    }
  });

  it('reads nothing by a second Origin beside a listed one', async () => {
    for (const origins of [
      ['https://app.example', 'https://evil.example'],
      ['https://evil.example', 'https://app.example'],
      ['https://app.example', 'https://app.example'],
    ]) {
      const [answer] = await ofOrigin(open, 'GET /plugin-crm/public', [], ...origins);
      expect(allowed(answer?.headers ?? [])).toEqual([]);
    }
  });
});

describe('a page that is listed', () => {
  it.each(['https://app.example', 'https://a.apps.example:8443', 'https://a.b-c.apps.example:8443'])(
    '%s reads answers, and caches keep them apart',
    async (origin) => {
      for (const [endpoint, lines, status] of ENDPOINTS) {
        const [answer] = await ofOrigin(open, endpoint, lines(open), origin);
        expect([endpoint, answer?.status]).toEqual([endpoint, status]);
        expect(valuesOf(answer ?? { headers: [] }, 'access-control-allow-origin')).toEqual([origin]);
        expect(valuesOf(answer ?? { headers: [] }, 'vary').join()).toMatch(/\bOrigin\b/);
      }
    },
  );

  it('is promised no header that no client may send, and no other method', async () => {
    const names = [
      'x-tenant-id',
      'x_tenant_id',
      'x-user-id',
      'x-plexica-context',
      'x-plexica-act-as-tenant',
      'cookie',
      'x-forwarded-for',
      'x-http-method-override',
      'proxy',
      'cf-connecting-ip',
      'content_type',
      'host',
      'a b',
      '*',
    ];
    const [answer] = await open.send(
      last(
        'OPTIONS /plugin-crm/contacts',
        'Origin: https://app.example',
        'Access-Control-Request-Method: TRACE',
        `Access-Control-Request-Headers: ${names.join(', ')}, content-type`,
      ),
    );
    expect(answer?.status).toBe(204);
    expect(valuesOf(answer ?? { headers: [] }, 'access-control-allow-headers').join()).not.toMatch(
      /tenant|user|plexica|cookie|forward|method|proxy|cf-|_|host| b/,
    );
    expect(valuesOf(answer ?? { headers: [] }, 'access-control-allow-methods')).toEqual(['GET, HEAD, POST']);
    expect(open.crm.seen.filter(({ method }) => method === 'OPTIONS')).toEqual([]);
  });
});

it('every answer has what keeps pages from misusing it', async () => {
  for (const target of [open, closed]) {
    for (const [endpoint, lines] of ENDPOINTS) {
      const [answer] = await target.send(last(endpoint, ...lines(target)));
      const headers = { headers: answer?.headers ?? [] };
      expect([endpoint, valuesOf(headers, 'x-content-type-options')]).toEqual([endpoint, ['nosniff']]);
      expect([endpoint, valuesOf(headers, 'set-cookie')]).toEqual([endpoint, []]);
      if (answer?.body === 'ok') continue;
      expect([endpoint, valuesOf(headers, 'cache-control')]).toEqual([endpoint, ['no-store']]);
      expect([endpoint, valuesOf(headers, 'content-security-policy')]).toEqual([
        endpoint,
        ["default-src 'none'; frame-ancestors 'none'"],
      ]);
      expect([endpoint, valuesOf(headers, 'content-type')]).toEqual([
        endpoint,
        ['application/json; charset=utf-8'],
      ]);
    }
  }
});
