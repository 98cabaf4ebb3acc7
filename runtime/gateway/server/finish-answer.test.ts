import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { sendRaw } from '../testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { echo, startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const PAGE = 'https://app.example.com';
const CORS = { origins: [PAGE], credentials: true, maxAge: 600_000 };

let plugin: TestPlugin;
const gateways: TestGateway[] = [];
beforeAll(async () => {
  plugin = await startPlugin();
});
afterAll(async () => {
  for (const gateway of gateways) await gateway.close();
  await plugin.close();
});
beforeEach(() => {
  plugin.answer = echo;
});

async function start(config: Partial<GatewayConfig>): Promise<TestGateway> {
  const gateway = await startGateway({ plugins: [CRM], upstreams: { 'plugin-crm': plugin.url }, config });
  gateways.push(gateway);
  return gateway;
}

/** Fetch would not send Origin, nor a preflight, as a page does. */
async function ask(gateway: TestGateway, request: string, ...lines: string[]) {
  const [method = '', path = ''] = request.split(' ');
  const head = [
    `${method} /api/plugin-gateway${path} HTTP/1.1`,
    'Host: gateway.test',
    'Connection: close',
    ...lines,
    '',
    '',
  ];
  const answer = await sendRaw(gateway.port, head.join('\r\n'));
  const [statusLine = '', ...fields] = (answer.split('\r\n\r\n')[0] ?? '').split('\r\n');
  const headers = new Headers(
    fields.map((line): [string, string] => {
      const at = line.indexOf(':');
      return [line.slice(0, at), line.slice(at + 1).trim()];
    }),
  );
  return { status: Number(statusLine.split(' ')[1]), headers };
}

const corsOf = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'));

describe('where pages of another origin may call', () => {
  let gateway: TestGateway;
  let bearer: string;
  beforeAll(async () => {
    gateway = await start({ cors: CORS });
    bearer = `Authorization: Bearer ${await gateway.userToken()}`;
  });

  const readable = {
    'access-control-allow-origin': PAGE,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': expect.stringContaining('x-request-id'),
    vary: 'Origin',
  };

  it.each([
    ['an answer of a plugin', 'GET /plugin-crm/public', 200],
    ['a refusal', 'GET /plugin-crm/contacts', 401],
    ['a path that is none', 'GET /plugin-crm/nothing', 404],
    ['a path that cannot be read', 'GET /plugin-crm/%zz', 400],
    ['a method that is none', 'DELETE /plugin-crm/public', 405],
    ["the gateway's own answers", 'GET /health', 200],
    ["the gateway's own refusals", 'GET /services', 401],
    ['a document', 'GET /openapi.json', 404],
  ])('%s can be read by a listed page, and by no other', async (_, request, status) => {
    const listed = await ask(gateway, request, `Origin: ${PAGE}`);
    expect([listed.status, corsOf(listed.headers)]).toEqual([status, readable]);
    for (const origin of ['https://evil.test', 'null', `${PAGE}.evil.test`]) {
      const other = await ask(gateway, request, `Origin: ${origin}`);
      expect([other.status, corsOf(other.headers)]).toEqual([status, { vary: 'Origin' }]);
    }
    expect(corsOf((await ask(gateway, request)).headers)).toEqual({ vary: 'Origin' });
  });

  const preflight = (path: string, method: string, ...lines: string[]) =>
    ask(gateway, `OPTIONS ${path}`, `Access-Control-Request-Method: ${method}`, ...lines);

  it('a preflight is answered without identity, with the methods of the path', async () => {
    const wanted = 'Access-Control-Request-Headers: authorization, content-type, x-tenant-id';
    const { status, headers } = await preflight('/plugin-crm/contacts/7', 'PUT', `Origin: ${PAGE}`, wanted);
    expect(status).toBe(204);
    expect(corsOf(headers)).toEqual({
      ...readable,
      vary: 'Access-Control-Request-Headers, Origin',
      'access-control-allow-methods': 'DELETE, GET, HEAD, PUT',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    });
    expect(plugin.seen.some(({ method }) => method === 'OPTIONS')).toBe(false);
  });

  it.each([
    ['of another page', '/plugin-crm/contacts', 'Origin: https://evil.test', 405],
    ['of no page', '/plugin-crm/contacts', 'X-Nothing: 1', 405],
    ['to a path that is none', '/plugin-crm/nothing', `Origin: ${PAGE}`, 404],
    ['to a plugin that is none', '/plugin-none/contacts', `Origin: ${PAGE}`, 404],
    ["to the gateway's own", '/services/register', `Origin: ${PAGE}`, 204],
    ['to a path that cannot be read', '/plugin-crm/%2e%2e/x', `Origin: ${PAGE}`, 400],
  ])('a preflight %s', async (_, path, origin, status) => {
    const answer = await preflight(path, 'GET', origin);
    expect(answer.status).toBe(status);
    expect(answer.headers.has('access-control-allow-methods')).toBe(status === 204);
  });

  it("what a plugin says of pages is not passed on, and what it says of its answers' variants is", async () => {
    plugin.answer = (_, response) =>
      response
        .setHeader('access-control-allow-origin', '*')
        .setHeader('access-control-allow-credentials', 'true')
        .setHeader('vary', 'Accept-Encoding')
        .end();
    const { headers } = await ask(gateway, 'GET /plugin-crm/contacts', bearer, 'Origin: https://evil.test');
    expect(corsOf(headers)).toEqual({ vary: 'Accept-Encoding, Origin' });
    plugin.answer = (_, response) => response.setHeader('vary', '*').end();
    const all = await ask(gateway, 'GET /plugin-crm/contacts', bearer, `Origin: ${PAGE}`);
    expect(corsOf(all.headers)).toEqual({ ...readable, vary: '*' });
  });

  it('an unreachable plugin is told to a page, too', async () => {
    plugin.answer = (request) => request.socket.destroy();
    const { status, headers } = await ask(gateway, 'POST /plugin-crm/contacts', bearer, `Origin: ${PAGE}`);
    expect([status, corsOf(headers)]).toEqual([502, readable]);
  });
});

describe('where plexica.yaml names no pages', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start({});
  });

  it('nothing is said to pages, and OPTIONS is a method like others that are not answered', async () => {
    plugin.answer = (_, response) => response.setHeader('access-control-allow-origin', '*').end();
    expect(corsOf((await ask(gateway, 'GET /plugin-crm/public', `Origin: ${PAGE}`)).headers)).toEqual({});
    const lines = [`Origin: ${PAGE}`, 'Access-Control-Request-Method: GET'];
    for (const path of ['/plugin-crm/public', '/health']) {
      const { status, headers } = await ask(gateway, `OPTIONS ${path}`, ...lines);
      expect([status, headers.get('allow'), corsOf(headers)]).toEqual([405, 'GET, HEAD', {}]);
    }
  });
});

describe('what protects clients', () => {
  const OWN = {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start({ trustedProxies: ['127.0.0.1'] });
  });

  it.each([
    ['GET /health', 200],
    ['GET /services', 401],
    ['GET /nothing', 404],
    ['GET /plugin-crm/contacts', 401],
    ['GET /plugin-crm/%zz', 400],
    ['GET /plugin-crm/..%2f', 400],
    ['BREW /health', 400],
    ['OPTIONS /health', 405],
  ])('%s: %s', async (request, expected) => {
    const { status, headers } = await ask(gateway, request);
    expect(status).toBe(expected);
    expect(Object.fromEntries(headers)).toMatchObject(OWN);
    expect(headers.has('strict-transport-security')).toBe(false);
  });

  it('the page at /docs has a content policy of its own, and the rest of it', async () => {
    const { headers } = await ask(gateway, 'GET /docs/');
    const { 'content-security-policy': _, 'cache-control': __, ...rest } = OWN;
    expect(Object.fromEntries(headers)).toMatchObject(rest);
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self'.*frame-ancestors 'none'/);
  });

  it("a plugin's answer is its own, but nobody guesses its type", async () => {
    plugin.answer = (_, response) => response.setHeader('x-content-type-options', 'sniff').end('{}');
    const { headers } = await ask(gateway, 'GET /plugin-crm/public');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    for (const name of Object.keys(OWN)) {
      if (name !== 'x-content-type-options') expect([name, headers.has(name)]).toEqual([name, false]);
    }
  });

  it('who came over https, which a trusted proxy says, shall do so again; a plugin has no say in that', async () => {
    plugin.answer = (_, response) => response.setHeader('strict-transport-security', 'max-age=0').end();
    for (const path of ['/plugin-crm/public', '/health', '/plugin-crm/contacts', '/plugin-crm/%zz']) {
      const over = (protocol: string) => ask(gateway, `GET ${path}`, `X-Forwarded-Proto: ${protocol}`);
      expect((await over('https')).headers.get('strict-transport-security')).toBe('max-age=31536000');
      expect((await over('http')).headers.has('strict-transport-security')).toBe(false);
    }
  });
});
