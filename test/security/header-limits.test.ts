import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valuesOf } from './support/read-answers.ts';
import { head, headersOf, last, startTarget, type Target } from './support/start-target.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.close());

const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at));

describe('a head is refused that is larger than 16 KiB', () => {
  it.each<[string, () => string]>([
    ['in one header', () => last('GET /plugin-crm/public', `X-A: ${'a'.repeat(17_000)}`)],
    ['in one name', () => last('GET /plugin-crm/public', `${'a'.repeat(17_000)}: a`)],
    [
      'in many headers',
      () => last('GET /plugin-crm/public', ...lines(400, (at) => `X-${at}: ${'a'.repeat(40)}`)),
    ],
    ['in many small headers', () => last('GET /plugin-crm/public', ...lines(5_000, () => 'a:'))],
    ['in many equal headers', () => last('GET /plugin-crm/public', ...lines(3_000, () => 'a: b'))],
    ['in many tokens', () => last('GET /plugin-crm/contacts', ...lines(60, () => target.asAda))],
    ['in a path', () => last(`GET /plugin-crm/contacts/${'a'.repeat(17_000)}`)],
    ['in a query', () => last(`GET /plugin-crm/public?${'a'.repeat(17_000)}`)],
    ['in a Host', () => last('GET /plugin-crm/public').replace('gateway.example', 'a'.repeat(17_000))],
    ['in a Connection', () => last('GET /plugin-crm/public', `Connection: ${'a,'.repeat(9_000)}`)],
    ['in cookies', () => last('GET /plugin-crm/public', `Cookie: ${'a=b; '.repeat(4_000)}`)],
    [
      'of an upgrade',
      () =>
        head(
          'GET /plugin-crm/live',
          'Connection: Upgrade',
          'Upgrade: websocket',
          `Sec-WebSocket-Protocol: ${'a, '.repeat(6_000)}`,
        ),
    ],
  ])('%s', async (_, text) => {
    const before = target.crm.seen.length;
    const [answer, ...more] = await target.send(text());
    expect([answer?.status, answer?.code, more]).toEqual([431, 'headers-too-large', []]);
    expect(target.crm.seen).toHaveLength(before);
  });
});

describe('below that', () => {
  it('headers arrive, all of them, and cost nobody anything', async () => {
    const many = lines(300, (at) => `X-${at}: ${at}`);
    const before = performance.now();
    const { answer, arrived } = await target.ask(last('GET /plugin-crm/contacts', ...many, target.asAda));
    expect([answer.status, performance.now() - before < 1_000]).toEqual([200, true]);
    const headers = headersOf(arrived[0] ?? expect.fail('nothing arrived'));
    for (let at = 0; at < 300; at += 1) expect(headers.get(`x-${at}`)).toEqual([String(at)]);
    expect(headers.get('x-tenant-id')).toEqual(['acme']);
  });

  it('a token behind many headers is seen, and a second one too', async () => {
    const many = lines(500, () => 'a: b');
    expect((await target.ask(last('GET /plugin-crm/contacts', ...many, target.asAda))).answer.status).toBe(
      200,
    );
    expect(
      (await target.ask(last('GET /plugin-crm/contacts', target.asAda, ...many, target.asAda))).answer.status,
    ).toBe(400);
    const { arrived } = await target.ask(
      last('GET /plugin-crm/contacts', target.asAda, ...many, 'X-Tenant-ID: evil'),
    );
    expect(headersOf(arrived[0] ?? expect.fail('nothing arrived')).get('x-tenant-id')).toEqual(['acme']);
  });

  it('a Connection that names thousands takes no longer than another', async () => {
    const names = lines(3_000, (at) => `x${at}`)
      .join(',')
      .slice(0, 12_000);
    const before = performance.now();
    for (let round = 0; round < 20; round += 1) {
      expect((await target.ask(last('GET /plugin-crm/public', `Connection: ${names}`))).answer.status).toBe(
        200,
      );
    }
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

describe('nothing that a client says becomes a header of an answer', () => {
  const EVIL = [
    'x\r\nSet-Cookie: evil=1',
    'x\nSet-Cookie: evil=1',
    'x\rSet-Cookie: evil=1',
    'x%0d%0aSet-Cookie:%20evil=1',
    'x\u010d\u010aSet-Cookie: evil=1',
    'x\u2028Set-Cookie: evil=1',
    'x\0y',
    '"><script>evil</script>',
    `x${'y'.repeat(200)}`,
    'x y',
    'é',
    '',
  ];

  it.each(EVIL)('as the id of its request: %j', async (id) => {
    for (const endpoint of ['GET /plugin-crm/contacts', 'GET /plugin-crm/nowhere', 'GET /health']) {
      const [answer] = await target.send(last(endpoint, `X-Request-ID: ${id}`));
      expect(
        answer?.headers.filter(([name, value]) => name === 'set-cookie' || value.includes('evil')),
      ).toEqual([]);
      // What follows a line break is another header, and `x` is an id like any other.
      for (const value of valuesOf(answer ?? { headers: [] }, 'x-request-id'))
        expect(value).toMatch(/^(?:x|[0-9a-f-]{36})$/);
    }
  });

  it('twice, or in a list', async () => {
    const [answer] = await target.send(last('GET /health', 'X-Request-ID: a', 'x-request-id: b'));
    expect(valuesOf(answer ?? { headers: [] }, 'x-request-id')).toEqual([
      expect.stringMatching(/^[0-9a-f-]{36}$/),
    ]);
  });

  it.each([
    ['in a path', (evil: string) => last(`GET /plugin-crm/${encodeURIComponent(evil)}`)],
    ['in the id of a plugin', (evil: string) => last(`GET /${encodeURIComponent(evil)}/contacts`)],
    [
      'in a query',
      (evil: string) => last(`GET /plugin-crm/search?${encodeURIComponent(evil)}=1`, target.asAda),
    ],
    [
      'in the name of a service',
      (evil: string) => last(`GET /services/discover/${encodeURIComponent(evil)}`, target.asAda),
    ],
    [
      'in a tenant',
      (evil: string) =>
        last('GET /plugin-crm/contacts', target.asAnalytics, `X-Plexica-Act-As-Tenant: ${evil}`),
    ],
    [
      'in a contract',
      (evil: string) => last('GET /plugin-crm/contacts', target.asAnalytics, `X-Plexica-Contract: ${evil}`),
    ],
    [
      'in a trace',
      (evil: string) =>
        last(
          'GET /plugin-crm/public',
          `traceparent: ${evil}`,
          `tracestate: ${evil.replaceAll(/[\r\n\0]/g, '')}`,
        ),
    ],
    ['in an origin', (evil: string) => last('GET /plugin-crm/public', `Origin: ${evil}`)],
    [
      'in a method that is asked for',
      (evil: string) =>
        last(
          'OPTIONS /plugin-crm/public',
          'Origin: https://x.example',
          `Access-Control-Request-Method: ${evil}`,
        ),
    ],
  ])('%s', async (_, ask) => {
    for (const evil of EVIL) {
      const answers = await target.send(ask(evil));
      for (const answer of answers) {
        expect(
          answer.headers.filter(([name, value]) => name === 'set-cookie' || value.includes('evil')),
        ).toEqual([]);
        // What a message repeats stands in JSON, with a type that no browser takes for a page.
        if (answer.code !== undefined)
          expect(valuesOf(answer, 'content-type')).toEqual(['application/json; charset=utf-8']);
      }
    }
  });

  it('a tenant’s name reaches plugins as it is, or not at all', async () => {
    for (const tenantId of [
      'acme',
      'a b',
      "a'; DROP TABLE x;--",
      '<script>',
      '${7*7}',
      'a,b',
      '../..',
      'a"b',
      'a\\b',
      '%0d%0a',
    ]) {
      const token = await target.gateway.userToken({ tenantId });
      target.keepSecret(token);
      const { answer, arrived } = await target.ask(
        last('GET /plugin-crm/contacts', `Authorization: Bearer ${token}`),
      );
      expect([tenantId, answer.status]).toEqual([tenantId, 200]);
      expect(headersOf(arrived[0] ?? expect.fail('nothing arrived')).get('x-tenant-id')).toEqual([tenantId]);
    }
    for (const tenantId of [
      'a\r\nX-User-ID: root',
      'a\n',
      '\r',
      'a\0',
      'é',
      '\u010d\u010a',
      ' a',
      'a ',
      '',
      'a'.repeat(257),
    ]) {
      const token = await target.gateway.userToken({ tenantId });
      target.keepSecret(token);
      const { answer, arrived } = await target.ask(
        last('GET /plugin-crm/contacts', `Authorization: Bearer ${token}`),
      );
      expect([tenantId, answer.status, arrived]).toEqual([tenantId, 401, []]);
    }
  });
});
