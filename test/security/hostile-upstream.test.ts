import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRM } from '../../runtime/gateway/testing/start-gateway.ts';
import { type RawPlugin, startRawPlugin } from '../../runtime/gateway/testing/start-raw-plugin.ts';
import { type Answer, valuesOf } from './support/read-answers.ts';
import { head, last, ROUTES, startTarget, type Target } from './support/start-target.ts';

let plugin: RawPlugin;
let target: Target;
beforeAll(async () => {
  plugin = await startRawPlugin();
  target = await startTarget({
    plugins: [{ ...CRM, routes: ROUTES }],
    upstreams: { 'plugin-crm': plugin.url },
    validation: {},
    config: { timeout: 500, circuit: { failures: 20, window: 60_000, open: 60_000 } },
  });
});
afterAll(async () => {
  await target.close();
  await plugin.close();
});

/** Has the plugin answer with these bytes from now on. */
function reply(bytes: string, then: 'end' | 'write' = 'end') {
  plugin.reply = (socket: Socket) => void socket[then](Buffer.from(bytes, 'latin1'));
}

async function ask(method = 'GET', ...lines: readonly string[]): Promise<Answer> {
  const { answer } = await target.ask(last(`${method} /plugin-crm/contacts`, target.asAda, ...lines), method);
  return answer;
}

const whole = (lines: readonly string[], body = 'ok') =>
  ['HTTP/1.1 200 OK', `Content-Length: ${body.length}`, ...lines, '', body].join('\r\n');

/** What every answer of these tests has, and nothing of it comes from the plugin. */
const OURS = ['connection', 'content-length', 'date', 'x-content-type-options', 'x-request-id'];

describe('the head of an answer', () => {
  it.each([
    ['cookies', ['Set-Cookie: a=b', 'Set-Cookie2: a=b', 'set_cookie: a=b']],
    ['the gateway’s own names', ['X-Plexica-Context: x', 'X_Plexica_Context: x', 'X.Plexica.Act: x']],
    [
      'leave for other pages',
      [
        'Access-Control-Allow-Origin: *',
        'Access-Control-Allow-Credentials: true',
        'access_control_allow_origin: *',
        'Access-Control-Expose-Headers: *',
      ],
    ],
    [
      'what holds for the whole origin',
      [
        'Clear-Site-Data: "*"',
        'Strict-Transport-Security: max-age=0',
        'Service-Worker-Allowed: /',
        'Alt-Svc: h3="evil:443"',
        'NEL: {}',
        'Report-To: {}',
        'Accept-CH: DPR',
        'Expect-CT: max-age=1',
        'Public-Key-Pins: x',
        'Set-Login: logged-in',
        'Use-As-Dictionary: match="/*"',
      ],
    ],
    [
      'orders for a proxy before the gateway',
      [
        'X-Accel-Redirect: /internal',
        'X_Accel_Redirect: /internal',
        'X-Sendfile: /etc/passwd',
        'X-Lighttpd-Send-File: /etc/passwd',
        'X-Reproxy-URL: http://10.0.0.1/',
      ],
    ],
    [
      'what belongs to its own connection',
      [
        'Keep-Alive: timeout=999999',
        'Proxy-Connection: keep-alive',
        'Proxy-Authenticate: Basic',
        'Upgrade: h2c',
        'TE: trailers',
        'Trailer: x',
        'HTTP2-Settings: x',
      ],
    ],
    ['what its Connection names', ['Connection: x-secret, X-Other', 'X-Secret: 1', 'x-other: 1']],
    [
      'another spelling of a length or a type',
      [
        'Content_Length: 3',
        'Content_Type: text/html',
        'Transfer_Encoding: chunked',
        'Content.Encoding: gzip',
      ],
    ],
    ['names of JavaScript', ['__proto__: a', '__proto__: b']],
    ['a request id of its own', ['X-Request-ID: evil', 'x_request_id: evil']],
  ])('does not bring %s', async (_, lines) => {
    reply(whole(lines));
    const answer = await ask('GET', 'X-Request-ID: mine');
    expect([answer.status, answer.body]).toEqual([200, 'ok']);
    expect(answer.headers.map(([name]) => name).filter((name) => !OURS.includes(name))).toEqual([]);
    expect(valuesOf(answer, 'x-request-id')).toEqual(['mine']);
    expect(valuesOf(answer, 'x-content-type-options')).toEqual(['nosniff']);
  });

  it('may name what JavaScript has names for', async () => {
    reply(whole(['constructor: a', 'toString: b', 'hasOwnProperty: c', 'valueOf: d', 'constructor: e']));
    const answer = await ask();
    expect([answer.status, valuesOf(answer, 'constructor')]).toEqual([200, ['a', 'e']]);
  });

  it('cannot take away what the gateway says', async () => {
    reply(
      whole([
        'Connection: x-request-id, x-content-type-options, content-length, date',
        'X-Content-Type-Options: sniff',
      ]),
    );
    const answer = await ask();
    expect(valuesOf(answer, 'x-content-type-options')).toEqual(['nosniff']);
    expect(valuesOf(answer, 'x-request-id')).toHaveLength(1);
    expect(answer.body).toBe('ok');
  });

  it.each([
    ['a line feed', 'X-A: b\nX-Evil: c'],
    ['a carriage return', 'X-A: b\rX-Evil: c'],
    ['a folded line', 'X-A: b\r\n X-Evil: c'],
    ['a NUL', 'X-A: b\0c'],
    ['a control byte', 'X-A: b\x01c'],
    ['a DEL', 'X-A: b\x7fc'],
    ['no name', ': b'],
    ['a space in a name', 'X A: b'],
    ['a line without a colon', 'X-A'],
    ['a second, other length', 'Content-Length: 3'],
    ['a second, equal length', 'Content-Length: 2'],
    ['chunks beside the length', 'Transfer-Encoding: chunked'],
    ['a length in two', 'Content-Length: 2, 2'],
  ])('with %s is no answer', async (_, line) => {
    reply(whole([line]));
    expect(await ask()).toMatchObject({ status: 502, code: 'upstream-failed' });
  });

  it('does not give the address of the plugin away, once or twice', async () => {
    for (const location of [`${plugin.url}x`, `//${plugin.url.host}/x`, `\\\\${plugin.url.host}\\x`, '/x']) {
      reply(whole([`Location: ${location}`, `Location: ${location}`]));
      expect(new Set(valuesOf(await ask(), 'location'))).toEqual(
        new Set(['/api/plugin-gateway/plugin-crm/x']),
      );
      reply(whole([`Location: ${location}`, `Content-Location: ${location}`]));
      const answer = await ask();
      expect(valuesOf(answer, 'location')).toEqual(['/api/plugin-gateway/plugin-crm/x']);
      expect(valuesOf(answer, 'content-location')).toEqual(['/api/plugin-gateway/plugin-crm/x']);
    }
  });
});

describe('an answer without a body', () => {
  it.each([
    [
      '304 with the length of what there was',
      'GET',
      'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 4\r\n\r\n',
      304,
    ],
    ['304 with a body', 'GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil', 304],
    [
      '304 in chunks',
      'GET',
      'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n',
      304,
    ],
    [
      '304 and another answer',
      'GET',
      `HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n${whole([], 'evil')}`,
      304,
    ],
    ['204 with a body', 'GET', 'HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevil', 204],
    [
      '204 in chunks',
      'GET',
      'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n',
      204,
    ],
    ['one to HEAD', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n', 200],
    ['one to HEAD with a body', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil', 200],
    [
      'one to HEAD with another answer',
      'HEAD',
      `HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n${whole([], 'evil')}`,
      200,
    ],
  ])('%s is nobody else’s answer', async (_, method, bytes, status) => {
    reply(bytes, 'write');
    // More often than the circuit would bear, were one of them a failure.
    for (let round = 0; round < 25; round += 1) {
      expect(await ask(method)).toMatchObject({ status, body: '' });
    }
    reply(whole([], 'mine'), 'write');
    expect(await ask()).toMatchObject({ status: 200, body: 'mine' });
  });
});

describe('an answer that breaks before any of its body came', () => {
  const HEAD =
    'ETag: "1"\r\nContent-Encoding: gzip\r\nContent-Disposition: attachment\r\nCache-Control: public, max-age=9\r\n';
  it.each([
    ['a chunk that is none', `HTTP/1.1 200 OK\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 502],
    ['no chunk', `HTTP/1.1 200 OK\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`, 502],
    ['no body', `HTTP/1.1 200 OK\r\n${HEAD}Content-Length: 9\r\n\r\n`, 502],
  ])('with %s is the plugin’s fault, and none of its head is told', async (_, bytes, status) => {
    reply(bytes);
    const answer = await ask('GET', 'X-Request-ID: mine');
    expect(answer).toMatchObject({ status, code: 'upstream-failed' });
    for (const name of ['etag', 'content-encoding', 'content-disposition'])
      expect(valuesOf(answer, name)).toEqual([]);
    expect(valuesOf(answer, 'cache-control')).toEqual(['no-store']);
    expect(valuesOf(answer, 'x-request-id')).toEqual(['mine']);
  });

  it('is late, likewise', async () => {
    reply(`HTTP/1.1 200 OK\r\n${HEAD}Content-Length: 9\r\n\r\n`, 'write');
    const answer = await ask();
    expect(answer).toMatchObject({ status: 504, code: 'upstream-timeout' });
    expect(valuesOf(answer, 'content-encoding')).toEqual([]);
  });
});

describe('trailers and announcements', () => {
  it('do not reach the client', async () => {
    reply(
      'HTTP/1.1 103 Early Hints\r\nSet-Cookie: a=b\r\nLink: </evil>\r\n\r\nHTTP/1.1 100 Continue\r\nX-Evil: 1\r\n\r\n' +
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Set-Cookie\r\n\r\n2\r\nok\r\n0\r\nSet-Cookie: a=b\r\nX-Evil: 1\r\n\r\n',
    );
    const answer = await ask();
    expect(answer).toMatchObject({ status: expect.toSatisfy((code) => code === 200 || code === 502) });
    expect(JSON.stringify(answer)).not.toMatch(/evil|cookie/i);
  });
});

it('many requests of two tenants over the same connections get their own answers', async () => {
  plugin.reply = (socket, request) => {
    const tenant = /\r\nx-tenant-id: (\S+)/i.exec(request)?.[1] ?? 'none';
    // Every other answer is followed by bytes that wait for the next request on its connection.
    socket.write(whole([], tenant) + (Math.random() < 0.5 ? whole([], 'evil') : ''));
  };
  const tokens = await Promise.all(
    ['alpha', 'beta'].map((tenantId) => target.gateway.userToken({ tenantId }, 600_000)),
  );
  target.keepSecret(...tokens);
  for (let round = 0; round < 10; round += 1) {
    const asked = tokens.map((token) =>
      target.send(
        head('GET /plugin-crm/contacts', `Authorization: Bearer ${token}`).repeat(4) +
          last('GET /plugin-crm/contacts', `Authorization: Bearer ${token}`),
      ),
    );
    const [alpha, beta] = (await Promise.all(asked)).map((answers) => answers.map(({ body }) => body));
    expect([alpha, beta]).toEqual([Array(5).fill('alpha'), Array(5).fill('beta')]);
  }
});
