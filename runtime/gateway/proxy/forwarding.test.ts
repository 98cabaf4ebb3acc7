import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendRaw } from '../testing/raw-connection.ts';
import { CRM, route, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { echo, startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

let plugin: TestPlugin;
let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  plugin = await startPlugin();
  const routes = [...CRM.routes, route('PATCH /contacts/:id'), route('POST /any')];
  const below = new URL('/crm/v1', plugin.url);
  gateway = await startGateway({ plugins: [{ ...CRM, routes }], upstreams: { 'plugin-crm': below } });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});
beforeEach(() => {
  plugin.answer = echo;
});

const call = (method: string, path: string, init: RequestInit = {}) =>
  fetch(`${gateway.url}/plugin-crm${path}`, {
    method,
    redirect: 'manual',
    ...init,
    headers: { authorization: `Bearer ${token}`, ...init.headers },
  });

describe('a request', () => {
  it.each([
    ['GET', '/contacts', '/crm/v1/contacts'],
    ['GET', '/contacts?a=%2F..%2f&b=%zz&c=1?d', '/crm/v1/contacts?a=%2F..%2f&b=%zz&c=1?d'],
    ['GET', '/contacts/a%20b%40', '/crm/v1/contacts/a%20b%40'],
    ['GET', '/contacts/%7Eada', '/crm/v1/contacts/~ada'],
    ['GET', "/contacts/a!$&'()*+,=:@|", "/crm/v1/contacts/a!$&'()*+,=:@|"],
    ['GET', '/contacts/..a', '/crm/v1/contacts/..a'],
    ['GET', `/contacts/${'x'.repeat(3000)}`, `/crm/v1/contacts/${'x'.repeat(3000)}`],
    ['DELETE', '/contacts/7', '/crm/v1/contacts/7'],
  ])('%s %s arrives as %s below the base URL', async (method, path, target) => {
    expect((await call(method, path)).status).toBe(200);
    expect(plugin.seen.at(-1)).toMatchObject({ method, target });
  });

  it.each([
    ['application/json', 'false'],
    ['application/json', '0'],
    ['application/json', 'null'],
    ['application/json', '""'],
    ['application/json', '{ "a" : 1.0e5, "a": 2 }'],
    ['application/json; charset=utf-8', '"é"'],
    ['application/json', 'no json at all'],
    ['text/plain;charset=UTF-8', 'text'],
    ['application/x-www-form-urlencoded', 'a=b&c'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/vnd.mine+json', '{}'],
  ])('with a body of %s passes byte by byte: %s', async (type, body) => {
    for (const [method, path] of [
      ['POST', '/any'],
      ['PUT', '/contacts/7'],
      ['PATCH', '/contacts/7'],
      ['DELETE', '/contacts/7'],
    ] as const) {
      const answer = await call(method, path, { body, headers: { 'content-type': type } });
      expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
        200,
        type,
        body,
      ]);
    }
  });

  it('with bytes of no type passes as well', async () => {
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const answer = await call('POST', '/any', { body });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(body);
    expect(plugin.seen.at(-1)?.headers['content-type']).toBeUndefined();
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s without a body gets no type', async (method) => {
    expect((await call(method, method === 'POST' ? '/any' : '/contacts/7')).status).toBe(200);
    const { headers } = plugin.seen.at(-1) ?? expect.fail('nothing arrived');
    expect(headers['content-type']).toBeUndefined();
    expect(headers['transfer-encoding']).toBeUndefined();
  });

  it('DELETE with a type and without a body passes', async () => {
    const answer = await call('DELETE', '/contacts/7', { headers: { 'content-type': 'application/json' } });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it.each(['content-length: 2\r\n\r\n{}', 'transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'])(
    'GET with a body is refused: %j',
    async (rest) => {
      const before = plugin.seen.length;
      const answer = await sendRaw(
        gateway.port,
        `GET /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nhost: x\r\nconnection: close\r\n` +
          `authorization: Bearer ${token}\r\n${rest}`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('"code":"body-not-allowed"');
      expect(plugin.seen).toHaveLength(before);
    },
  );

  it('that waits for 100 Continue gets it', async () => {
    const answer = await sendRaw(
      gateway.port,
      `POST /api/plugin-gateway/plugin-crm/any HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\n` +
        `authorization: Bearer ${token}\r\ncontent-length: 2\r\n\r\nhi`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('hi');
  });

  it('with bytes above ASCII in a header passes them on', async () => {
    const answer = await sendRaw(
      gateway.port,
      `GET /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nhost: x\r\nconnection: close\r\n` +
        `authorization: Bearer ${token}\r\nx-name: caf\xe9\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(plugin.seen.at(-1)).toMatchObject({ headers: { 'x-name': 'caf\xe9' } });
  });

  it('carries its id from end to end', async () => {
    const answer = await call('GET', '/contacts', { headers: { 'x-request-id': 'mine-1' } });
    expect(answer.headers.get('x-request-id')).toBe('mine-1');
    expect(plugin.seen.at(-1)?.headers['x-request-id']).toBe('mine-1');
  });
});

describe('an answer', () => {
  it.each([200, 201, 400, 401, 404, 409, 418, 500, 503])(
    '%i comes through, from one call',
    async (status) => {
      plugin.answer = (_, response) =>
        response.writeHead(status, { 'retry-after': '1' }).end(`says ${status}`);
      const before = plugin.seen.length;
      const answer = await call('GET', '/contacts');
      expect([answer.status, await answer.text()]).toEqual([status, `says ${status}`]);
      expect(plugin.seen).toHaveLength(before + 1);
    },
  );

  it.each([204, 304])('%i has no body', async (status) => {
    plugin.answer = (_, response) => response.writeHead(status, { etag: '"1"' }).end();
    const answer = await call('GET', '/contacts');
    expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([status, '"1"', '']);
    expect((await call('GET', '/contacts')).status).toBe(status);
  });

  it('to HEAD has the headers of GET', async () => {
    plugin.answer = (_, response) => response.writeHead(200, { 'content-length': '5', 'x-a': 'b' }).end();
    const answer = await call('HEAD', '/contacts');
    expect([answer.status, answer.headers.get('content-length'), answer.headers.get('x-a')]).toEqual([
      200,
      '5',
      'b',
    ]);
  });

  it('comes after those that only announce it', async () => {
    plugin.answer = (_, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.end('done');
    };
    const answer = await call('GET', '/contacts');
    expect([answer.status, await answer.text()]).toEqual([200, 'done']);
  });

  it('that redirects is not followed, and stays at the gateway', async () => {
    plugin.answer = (_, response) =>
      response.writeHead(303, { location: `${plugin.url.origin}/crm/v1/contacts/7` }).end();
    const answer = await call('POST', '/any', { body: 'x' });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      '/api/plugin-gateway/plugin-crm/contacts/7',
    ]);
  });

  it('says nothing about connections, cookies or the gateway', async () => {
    plugin.answer = (_, response) =>
      response
        .writeHead(200, {
          connection: 'x-hop',
          'x-hop': '1',
          'set-cookie': ['a=b', 'c=d'],
          'x-plexica-context': 'forged',
          'x-request-id': 'forged',
          'proxy-authenticate': 'Basic',
          vary: 'accept',
        })
        .end();
    const { headers } = await call('GET', '/contacts');
    for (const name of ['x-hop', 'set-cookie', 'x-plexica-context', 'proxy-authenticate']) {
      expect(headers.get(name)).toBeNull();
    }
    expect(headers.get('x-request-id')).not.toBe('forged');
    expect(headers.get('vary')).toBe('accept');
  });
});

it('streams both ways at once, piece by piece', async () => {
  const encoder = new TextEncoder();
  let send: (text: string) => void = () => undefined;
  let end: () => void = () => undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (text) => controller.enqueue(encoder.encode(text));
      end = () => controller.close();
    },
  });
  plugin.answer = (request, response) => {
    response.flushHeaders();
    request.pipe(response);
  };
  // `duplex` is not in the types yet.
  const calling = call('POST', '/any', { body, duplex: 'half' } as RequestInit);
  send('one');
  const reader = (await calling).body?.getReader() ?? expect.fail('no body');
  const next = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await next()).toBe('one');
  send('two');
  expect(await next()).toBe('two');
  end();
  expect((await reader.read()).done).toBe(true);
});
