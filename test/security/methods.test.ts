import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valuesOf } from './support/read-answers.ts';
import { last, lastWith, startTarget, type Target } from './support/start-target.ts';

let target: Target;
let listener: Server;
let reached = 0;
beforeAll(async () => {
  target = await startTarget();
  listener = createServer((socket) => {
    reached += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  listener.close();
  await target.close();
});

/** What the plugin is asked, by method: as declared, and HEAD as GET. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  '/plugin-crm/contacts': ['GET', 'HEAD', 'POST'],
  '/plugin-crm/contacts/7': ['GET', 'HEAD', 'PUT', 'DELETE'],
  '/plugin-crm/public': ['GET', 'HEAD'],
  '/plugin-crm/open': ['POST'],
};
const KNOWN = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const OTHERS = [
  'TRACE',
  'PROPFIND',
  'PROPPATCH',
  'MKCOL',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
  'SEARCH',
  'REPORT',
  'MERGE',
  'LINK',
  'UNLINK',
  'PURGE',
  'BIND',
  'ACL',
  'M-SEARCH',
  'NOTIFY',
  'SUBSCRIBE',
];
const NONE = [
  'get',
  'Get',
  'GETT',
  'GE',
  'FOO',
  'TRACK',
  'DEBUG',
  'PRI',
  'G\x00T',
  'GET\t',
  '',
  'HTTP/1.1',
  '<script>',
  'DESCRIBE',
  'SETUP',
];

it.each(Object.entries(TAKEN))('%s is asked with %s alone', async (path, taken) => {
  for (const method of [...KNOWN, ...OTHERS]) {
    const { answer, arrived } = await target.ask(last(`${method} ${path}`, target.asAda), method);
    if (taken.includes(method)) {
      expect([answer.status, arrived.map((request) => request.method)]).toEqual([200, [method]]);
    } else {
      expect([method, answer.status, arrived]).toEqual([method, 405, []]);
      expect(valuesOf(answer, 'allow')).toEqual([[...taken].sort().join(', ')]);
    }
  }
});

it.each(NONE)('%j is no method', async (method) => {
  for (const path of ['/plugin-crm/contacts', '/health']) {
    const before = target.crm.seen.length;
    const answers = await target.send(last(`X ${path}`, target.asAda).replace(/^X/, method));
    expect([answers.map(({ status }) => status), target.crm.seen.length]).toEqual([[400], before]);
  }
});

it('no header and no field makes another method of one', async () => {
  const overrides = [
    'X-HTTP-Method: DELETE',
    'X-HTTP-Method-Override: DELETE',
    'X-Method-Override: DELETE',
    'X_HTTP_Method_Override: DELETE',
    'x.http.method.override: DELETE',
  ];
  for (const override of overrides) {
    const { arrived } = await target.ask(
      last('GET /plugin-crm/contacts/7?_method=DELETE', target.asAda, override),
    );
    expect(arrived.map(({ method }) => method)).toEqual(['GET']);
    expect(JSON.stringify(arrived[0]?.rawHeaders)).not.toMatch(/DELETE/);
    const post = await target.ask(lastWith('POST /plugin-crm/open', '_method=DELETE', override));
    expect(post.arrived.map(({ method }) => method)).toEqual(['POST']);
  }
});

describe('TRACE', () => {
  it('tells nobody what was sent', async () => {
    for (const path of ['/plugin-crm/contacts', '/plugin-crm/public', '/health', '/nowhere']) {
      const [answer] = await target.send(
        last(`TRACE ${path}`, target.asAda, 'Cookie: secret=1', 'Max-Forwards: 0'),
      );
      expect([404, 405]).toContain(answer?.status);
      expect(JSON.stringify(answer)).not.toMatch(/secret=1|Max-Forwards/i);
    }
  });
});

describe('CONNECT', () => {
  it.each([
    'HOST',
    'HOST HTTP/1.1\r\nHost: HOST',
    'http://HOST/',
    '/api/plugin-gateway/plugin-crm/contacts',
    'localhost:PORT',
    '[::1]:PORT',
    '0x7f.1:PORT',
    '',
  ])('to %j makes no tunnel', async (to) => {
    const address = listener.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const place = to.replaceAll('HOST', `127.0.0.1:${port}`).replaceAll('PORT', port);
    const answers = await target.send(
      `CONNECT ${place} HTTP/1.1\r\nHost: gateway.example\r\n${target.asAda}\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    expect(answers).toHaveLength(1);
    expect([400, 501]).toContain(answers[0]?.status);
    expect(reached).toBe(0);
  });
});

it('cookies stay where they are', async () => {
  target.crm.answer = (_, response) =>
    void response
      .writeHead(
        200,
        [
          ['Set-Cookie', 'a=b; Path=/'],
          ['set-cookie', 'c=d'],
          ['Set-Cookie2', 'e=f'],
          ['Clear-Site-Data', '"cookies"'],
        ].flat(),
      )
      .end('ok');
  for (const endpoint of ['GET /plugin-crm/public', 'GET /plugin-crm/contacts']) {
    const cookies = [
      'Cookie: session=secret',
      'Cookie: more=secret',
      'cookie2: $Version=1',
      'COOKIE: x=secret',
      'Cookie_: x=secret',
    ];
    const { answer, arrived } = await target.ask(last(endpoint, target.asAda, ...cookies.slice(0, 4)));
    expect(answer.status).toBe(200);
    expect(answer.headers.filter(([name]) => /cookie|clear/.test(name))).toEqual([]);
    expect(JSON.stringify(arrived)).not.toMatch(/secret|version/i);
  }
  for (const [, status] of [['GET /health', 200]] as const) {
    const [answer] = await target.send(last('GET /health', 'Cookie: a=b'));
    expect([answer?.status, valuesOf(answer ?? { headers: [] }, 'set-cookie')]).toEqual([status, []]);
  }
});
