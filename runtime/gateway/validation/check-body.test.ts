import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendRaw } from '../testing/raw-connection.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';
import { CHECKED, CHECKED_SCHEMAS } from './testing/crm-with-schemas.ts';

let plugin: TestPlugin;
let gateway: TestGateway;
let token: string;
let reached: number;
beforeAll(async () => {
  plugin = await startPlugin();
  gateway = await startGateway({
    plugins: [CHECKED],
    upstreams: { 'plugin-crm': plugin.url },
    settings: { 'plugin-crm': { maxBody: 8 * 1024 * 1024 } },
    validation: { 'plugin-crm': CHECKED_SCHEMAS },
  });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});
beforeEach(() => {
  reached = plugin.seen.length;
});

/** The plugin answers with the body that it got. */
async function send(
  endpoint: string,
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  const [method = '', path = ''] = endpoint.split(' ');
  const answer = await fetch(`${gateway.url}/plugin-crm${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body === undefined ? {} : { body }),
    // `duplex` is not in the types yet.
    ...({ duplex: 'half' } as object),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const json = () => JSON.parse(bytes.toString());
  return { status: answer.status, bytes, text: bytes.toString(), json };
}

describe('a body that is as it should be', () => {
  it('is forwarded byte for byte', async () => {
    const body = '\ufeff \r\n{ "name" : "\\u0041da",\t"age":7.0e0 , "stage":"lead" }\n ';
    const { status, bytes } = await send('POST /contacts', body);
    expect([status, bytes]).toEqual([200, Buffer.from(body)]);
    expect(plugin.seen.at(-1)?.headers).toMatchObject({
      'content-length': String(Buffer.byteLength(body)),
      'content-type': 'application/json',
    });
  });

  it('gets a length where it came in chunks, however these were cut', async () => {
    const body = Buffer.from('{"name":"Zoë 😀"}');
    const chunks = [...body].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`).join('');
    const answer = await sendRaw(gateway.port, `${head('Transfer-Encoding: chunked')}${chunks}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(Buffer.from(answer, 'latin1').includes(body)).toBe(true);
    const headers = plugin.seen.at(-1)?.headers;
    expect([headers?.['content-length'], headers?.['transfer-encoding']]).toEqual([
      String(body.length),
      undefined,
    ]);
  });

  it('is asked for with 100 Continue', async () => {
    const body = '{"name":"Ada"}';
    const answer = await sendRaw(
      gateway.port,
      `${head(`Content-Length: ${body.length}`, 'Expect: 100-continue')}${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });

  it.each(['0', 'false', 'null', '""', '[]', ' -0', '1e999'])('%s arrives as it was sent', async (body) => {
    expect(await send('POST /anything', body)).toMatchObject({ status: 200, text: body });
  });

  it('may be as large as the limit, where it is below that of bodies that are checked', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(4 * 1024 * 1024 - 11) });
    expect(await send('POST /anything', body)).toMatchObject({ status: 200, text: body });
    expect(await send('POST /anything', `${body} `)).toMatchObject({ status: 413 });
    expect(await send('POST /anything', inPieces(`${body} `))).toMatchObject({ status: 413 });
    expect(await send('POST /free', `${body} `)).toMatchObject({ status: 200 });
  });

  it('may leave out what has a default, and is not changed', async () => {
    expect(await send('PUT /contacts/7', '{"name":"Ada"}')).toMatchObject({
      status: 200,
      text: '{"name":"Ada"}',
    });
  });
});

describe('a body that is not as it should be', () => {
  it('is refused with everything that is wrong with it, and does not reach the plugin', async () => {
    const body = '{"age":"37","stage":"friend","address":{"city":null},"nme":"Ada"}';
    const { status, json } = await send('POST /contacts', body);
    expect([status, json()]).toEqual([
      400,
      {
        success: false,
        code: 'request-invalid',
        error:
          'the request is not what POST /contacts of plugin-crm takes, in 5 places: the field "/name" is required',
        requestId: expect.any(String),
        details: [
          { in: 'body', path: '/name', message: 'is required' },
          { in: 'body', path: '/age', message: 'must be an integer' },
          { in: 'body', path: '/stage', message: 'must be one of "lead", "customer"' },
          { in: 'body', path: '/address/city', message: 'must be a string' },
          { in: 'body', path: '/nme', message: 'is not a known field' },
        ],
      },
    ]);
    expect(plugin.seen).toHaveLength(reached);
  });

  it('is told about its path first', async () => {
    const { status, json } = await send('PUT /contacts/seven', '{}');
    expect([status, json().details]).toEqual([
      400,
      [{ in: 'params', path: '/id', message: 'must be an integer' }],
    ]);
  });
});

describe('a request without a body', () => {
  it.each([
    ['none', undefined, {}],
    ['none, but a type', undefined, { 'content-type': 'application/json' }],
    ['an empty one', '', {}],
  ])('with %s is told that one is required', async (_, body, headers) => {
    const { status, json } = await send('POST /contacts', body, headers as Record<string, string>);
    expect([status, json().details]).toEqual([400, [{ in: 'body', path: '', message: 'is required' }]]);
  });

  it('in chunks is told so as well', async () => {
    const { status, json } = await send('POST /contacts', inPieces(''));
    expect([status, json().error]).toEqual([
      400,
      'the request is not what POST /contacts of plugin-crm takes, in one place: the body is required',
    ]);
  });

  it('passes where the schema takes null, as in Fastify', async () => {
    expect(await send('DELETE /contacts', undefined, {})).toMatchObject({ status: 200, text: '' });
    expect(await send('DELETE /contacts', inPieces(''))).toMatchObject({ status: 200, text: '' });
    expect(await send('DELETE /contacts', '{}')).toMatchObject({ status: 400 });
  });
});

describe('what cannot be checked does not pass', () => {
  const JSON_TYPES = [
    'application/json',
    'Application/JSON ; Charset="UTF-8"',
    'application/vnd.api+json',
    'application/json; profile="x/y"',
  ];
  it.each(JSON_TYPES)('%s is JSON', async (type) => {
    expect((await send('POST /contacts', '{"name":"Ada"}', { 'content-type': type })).status).toBe(200);
  });

  it.each([
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
    [{ 'content-type': 'application/json, text/plain' }],
    [{ 'content-type': 'application/jsonp' }],
    [{ 'content-type': 'text/json' }],
    [{ 'content-type': 'json' }],
    [{ 'content-type': 'application/json; charset=utf-16' }],
    [{ 'content-type': 'application/json; charset=utf-8; charset=utf-7' }],
    [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }],
    [{ 'content-type': 'application/json', 'content-encoding': 'identity, br' }],
  ])('%j: 415', async (headers) => {
    const answer = await send('POST /contacts', '{"name":"Ada"}', headers as Record<string, string>);
    expect([answer.status, answer.json()]).toMatchObject([415, { code: 'unsupported-media-type' }]);
    expect(plugin.seen).toHaveLength(reached);
  });

  it('no type, or two: 415', async () => {
    const bytes = new TextEncoder().encode('{"name":"Ada"}');
    expect((await send('POST /contacts', bytes, {})).status).toBe(415);
    const twice = head('Content-Length: 2', 'Content-Type: text/plain');
    expect(await sendRaw(gateway.port, `${twice}{}`)).toMatch(/^HTTP\/1\.1 415 /);
  });

  it('Content-Encoding: identity says nothing', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'Identity' };
    expect((await send('POST /contacts', '{"name":"Ada"}', headers)).status).toBe(200);
  });

  it('a route without a schema takes anything', async () => {
    const answer = await send('POST /free', 'x', {
      'content-type': 'text/plain',
      'content-encoding': 'gzip',
    });
    expect(answer).toMatchObject({ status: 200, text: 'x' });
  });
});

function head(...lines: string[]): string {
  return [
    'POST /api/plugin-gateway/plugin-crm/contacts HTTP/1.1',
    'Host: x',
    'Connection: close',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    ...lines,
    '',
    '',
  ].join('\r\n');
}

function inPieces(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + 65_536));
      at += 65_536;
    },
  });
}
