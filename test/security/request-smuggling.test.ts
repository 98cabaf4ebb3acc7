import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { head, last, startTarget, type Target } from './support/start-target.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.close());
beforeEach(() => {
  before = target.crm.seen.length;
});
let before: number;

/** Requests that are answered by different parts of the gateway. */
const ENDPOINTS: readonly (readonly [string, () => readonly string[]])[] = [
  ['POST /plugin-crm/open', () => []],
  ['POST /plugin-crm/checked', () => [target.asAda]],
  ['PUT /plugin-crm/checked/7', () => [target.asAda]],
  ['DELETE /plugin-crm/contacts/7', () => [target.asAda]],
  ['POST /plugin-crm/contacts', () => []],
  ['POST /plugin-crm/internal', () => [target.asAda]],
  ['POST /plugin-crm/unknown', () => []],
  ['POST /plugin-unknown/open', () => []],
  ['GET /plugin-crm/contacts', () => [target.asAda]],
  ['GET /health', () => []],
  ['POST /services/register', () => []],
  ['POST /services/plugin-crm/heartbeat', () => []],
  ['POST /admin/reload', () => []],
  ['OPTIONS /plugin-crm/open', () => []],
  ['GET /plugin-crm/live', () => [target.asAda, 'Connection: Upgrade', 'Upgrade: websocket']],
];

/** What would be asked in somebody's name if the bytes of a body passed for a request. */
const SMUGGLED = 'GET /api/plugin-gateway/plugin-crm/public?smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
const JSON_BODY = '{"name":"Ada"}';
const CHUNKED = `${JSON_BODY.length.toString(16)}\r\n${JSON_BODY}\r\n0\r\n\r\n`;

const smuggled = () => target.crm.seen.slice(before).filter(({ target }) => target.includes('smuggled'));

describe('a length that has two readings ends the connection', () => {
  it.each<[string, readonly string[], string]>([
    ['both', ['Content-Length: 4', 'Transfer-Encoding: chunked'], `0\r\n\r\n${SMUGGLED}`],
    [
      'both, the other way round',
      ['Transfer-Encoding: chunked', 'Content-Length: 4'],
      `0\r\n\r\n${SMUGGLED}`,
    ],
    [
      'both, of which one is nothing',
      ['Content-Length: 0', 'Transfer-Encoding: chunked'],
      `0\r\n\r\n${SMUGGLED}`,
    ],
    [
      'both, of which one says identity',
      ['Content-Length: 4', 'Transfer-Encoding: identity'],
      `{"a"${SMUGGLED}`,
    ],
    ['two lengths', ['Content-Length: 0', `Content-Length: ${SMUGGLED.length}`], SMUGGLED],
    ['the same length twice', ['Content-Length: 14', 'Content-Length: 14'], JSON_BODY + SMUGGLED],
    ['the same length twice in one', ['Content-Length: 14, 14'], JSON_BODY + SMUGGLED],
    ['no length', ['Content-Length:'], SMUGGLED],
    ['a negative length', ['Content-Length: -14'], JSON_BODY + SMUGGLED],
    ['a length with a sign', ['Content-Length: +14'], JSON_BODY + SMUGGLED],
    ['a length with a point', ['Content-Length: 14.0'], JSON_BODY + SMUGGLED],
    ['a length with an exponent', ['Content-Length: 1e1'], JSON_BODY + SMUGGLED],
    ['a hexadecimal length', ['Content-Length: 0xe'], JSON_BODY + SMUGGLED],
    ['an octal length', ['Content-Length: 0o16'], JSON_BODY + SMUGGLED],
    ['a length with an underscore', ['Content-Length: 1_4'], JSON_BODY + SMUGGLED],
    ['a length with more behind it', ['Content-Length: 14;x'], JSON_BODY + SMUGGLED],
    ['a length with a space in it', ['Content-Length: 1 4'], JSON_BODY + SMUGGLED],
    ['a length beyond 64 bits', ['Content-Length: 18446744073709551630'], JSON_BODY + SMUGGLED],
    ['a length in other digits', ['Content-Length: \xd9\xa1\xd9\xa4'], JSON_BODY + SMUGGLED],
    ['a space before the colon', ['Content-Length : 14'], JSON_BODY + SMUGGLED],
    ['a folded length', ['Content-Length:\r\n 14'], JSON_BODY + SMUGGLED],
    ['a bare line feed behind it', ['Content-Length: 0\nContent-Length: 14'], JSON_BODY + SMUGGLED],
    ['a bare carriage return in it', ['X-A: b\rContent-Length: 14'], JSON_BODY + SMUGGLED],
    ['a NUL in it', ['Content-Length: 14\0'], JSON_BODY + SMUGGLED],
    ['an encoding with a space before the colon', ['Transfer-Encoding : chunked'], CHUNKED + SMUGGLED],
    ['a folded encoding', ['Transfer-Encoding:\r\n chunked'], CHUNKED + SMUGGLED],
    ['an encoding behind a folded line', ['X-A: b\r\n\tTransfer-Encoding: chunked'], CHUNKED + SMUGGLED],
    ['no encoding', ['Transfer-Encoding:'], CHUNKED + SMUGGLED],
    ['no encoding, and one', ['Transfer-Encoding:', 'Transfer-Encoding: chunked'], CHUNKED + SMUGGLED],
    ['an unknown encoding', ['Transfer-Encoding: xchunked'], CHUNKED + SMUGGLED],
    ['an encoding in quotes', ['Transfer-Encoding: "chunked"'], CHUNKED + SMUGGLED],
    ['an encoding with a parameter', ['Transfer-Encoding: chunked;q=1'], CHUNKED + SMUGGLED],
    ['an encoding with a comma behind it', ['Transfer-Encoding: chunked,'], CHUNKED + SMUGGLED],
    ['an encoding with a comma before it', ['Transfer-Encoding: ,chunked'], CHUNKED + SMUGGLED],
    ['an encoding behind a vertical tab', ['Transfer-Encoding: \x0bchunked'], CHUNKED + SMUGGLED],
    ['an encoding behind a no-break space', ['Transfer-Encoding: \xa0chunked'], CHUNKED + SMUGGLED],
    ['an encoding twice', ['Transfer-Encoding: chunked, chunked'], CHUNKED + SMUGGLED],
    [
      'an encoding on two lines',
      ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
      CHUNKED + SMUGGLED,
    ],
    ['identity first', ['Transfer-Encoding: identity, chunked'], CHUNKED + SMUGGLED],
    [
      'identity on a line before',
      ['Transfer-Encoding: identity', 'Transfer-Encoding: chunked'],
      CHUNKED + SMUGGLED,
    ],
    ['identity last', ['Transfer-Encoding: chunked, identity'], CHUNKED + SMUGGLED],
    [
      'identity on a line behind',
      ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
      CHUNKED + SMUGGLED,
    ],
    ['gzip below the chunks', ['Transfer-Encoding: gzip, chunked'], CHUNKED + SMUGGLED],
    ['gzip alone', ['Transfer-Encoding: gzip'], CHUNKED + SMUGGLED],
  ])('%s', async (_, lines, bytes) => {
    for (const [endpoint, more] of ENDPOINTS) {
      const answers = await target.send(
        head(endpoint, 'Content-Type: application/json', ...more(), ...lines) + bytes,
      );
      expect([endpoint, answers.map(({ status }) => status)]).toEqual([endpoint, [400]]);
      expect(smuggled()).toEqual([]);
    }
  });
});

describe('chunks that have two readings end the connection', () => {
  const chunks: readonly (readonly [string, string])[] = [
    ['a size that is none', `zz\r\n${SMUGGLED}`],
    ['no size', `\r\n${CHUNKED}${SMUGGLED}`],
    ['a size with a sign', `+e\r\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a size with a prefix', `0xe\r\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a size with an underscore', `0_e\r\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a space before a size', ` e\r\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a space behind a size', `e \r\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a tab behind a size', `e\t\r\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a size beyond 64 bits', `1000000000000000e\r\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a size ended by a line feed', `e\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a size ended by a carriage return', `e\r${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a chunk ended by a line feed', `e\r\n${JSON_BODY}\n0\r\n\r\n${SMUGGLED}`],
    ['a chunk ended by nothing', `e\r\n${JSON_BODY}0\r\n\r\n${SMUGGLED}`],
    ['a chunk longer than it says', `d\r\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a chunk shorter than it says', `f\r\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['an extension ended by a line feed', `e;x\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a line feed in an extension', `e;\n${'0'.repeat(4)}\r\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a line break in a quoted extension', `e;a="\r\nb"\r\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['a NUL in an extension', `e;a\0b\r\n${JSON_BODY}\r\n0\r\n\r\n${SMUGGLED}`],
    ['an end that is ended by line feeds', `e\r\n${JSON_BODY}\r\n0\n\n${SMUGGLED}`],
    [
      'a length in the trailer',
      `e\r\n${JSON_BODY}\r\n0\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
    ],
    ['an encoding in the trailer', `e\r\n${JSON_BODY}\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n${SMUGGLED}`],
    ['a bad line in the trailer', `e\r\n${JSON_BODY}\r\n0\r\nno colon\r\n\r\n${SMUGGLED}`],
    ['a folded line in the trailer', `e\r\n${JSON_BODY}\r\n0\r\nX: a\r\n b\r\n\r\n${SMUGGLED}`],
  ];
  it.each(chunks)('%s', async (_, bytes) => {
    for (const [endpoint, more] of ENDPOINTS) {
      const answers = await target.send(
        head(endpoint, 'Content-Type: application/json', 'Transfer-Encoding: chunked', ...more()) + bytes,
      );
      // What was refused, or answered, before its body came to this may have its answer; nothing has two.
      expect([endpoint, answers.length <= 2]).toEqual([endpoint, true]);
      expect(answers.at(-1)?.status).toBeGreaterThanOrEqual(400);
      expect(smuggled()).toEqual([]);
    }
  });
});

describe('behind a request that was refused', () => {
  const bodies: readonly (readonly [string, (inner: string) => string])[] = [
    ['with a length', (inner) => `Content-Length: ${inner.length}\r\n\r\n${inner}`],
    [
      'in one chunk',
      (inner) => `Transfer-Encoding: chunked\r\n\r\n${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`,
    ],
    [
      'in chunks of one byte',
      (inner) =>
        `Transfer-Encoding: chunked\r\n\r\n${[...inner].map((one) => `1\r\n${one}\r\n`).join('')}0\r\n\r\n`,
    ],
    [
      'with extensions',
      (inner) =>
        `Transfer-Encoding: chunked\r\n\r\n${inner.length.toString(16)};a=b;c="d e"\r\n${inner}\r\n0;x\r\n\r\n`,
    ],
    ['waited for', (inner) => `Expect: 100-continue\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`],
    ['waited for in vain', (inner) => `Expect: nothing\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`],
  ];

  it.each(bodies)('a body %s is no request, and the next request is one', async (_, framed) => {
    for (const [endpoint, more] of ENDPOINTS) {
      const first = head(endpoint, 'Content-Type: application/json', ...more()).replace(/\r\n$/, '');
      const next = last('GET /plugin-crm/public?next');
      const answers = await target.send(`${first}${framed(SMUGGLED + SMUGGLED)}${next}`);
      expect(smuggled()).toEqual([]);
      // The gateway may have hung up instead; what it says in both cases is one answer each, in order.
      const [refusal, answer, ...others] = answers;
      expect([endpoint, refusal === undefined, others]).toEqual([endpoint, false, []]);
      if (answer !== undefined) expect([endpoint, answer.status]).toEqual([endpoint, 200]);
    }
  });

  it('many requests at once are answered one by one, in order', async () => {
    const asked = ENDPOINTS.slice(0, -1).flatMap(([endpoint, more], at) => [
      `${head(
        endpoint,
        ...more(),
        'Content-Length: 2',
        'Content-Type: application/json',
        `X-Request-ID: a${at}`,
      )}{}`,
      head('GET /plugin-crm/public', `X-Request-ID: b${at}`),
    ]);
    const answers = await target.send(
      `${asked.join('')}${last('GET /plugin-crm/public', 'X-Request-ID: last')}`,
    );
    const ids = answers.map(({ headers }) => headers.find(([name]) => name === 'x-request-id')?.[1]);
    expect(ids).toEqual([...ENDPOINTS.slice(0, -1).flatMap((_, at) => [`a${at}`, `b${at}`]), 'last']);
    expect(answers.filter((_, at) => at % 2 === 1).map(({ status }) => status)).toEqual(
      ENDPOINTS.slice(0, -1).map(() => 200),
    );
  });
});

describe('a Host that has two readings', () => {
  it.each([
    ['two', ['Host: gateway.example', 'Host: gateway.example']],
    ['two in one', ['Host: gateway.example, evil.example']],
    ['a user', ['Host: user@evil.example']],
    ['a path', ['Host: gateway.example/evil']],
    ['a query', ['Host: gateway.example?evil']],
    ['a fragment', ['Host: gateway.example#evil']],
    ['a space', ['Host: gateway.example evil.example']],
    ['quotes', ['Host: "gateway.example"']],
    ['markup', ['Host: <script>']],
    ['a backslash', ['Host: gateway.example\\@evil.example']],
    ['a port that is none', ['Host: gateway.example:80a']],
    ['two ports', ['Host: gateway.example:80:80']],
    ['an open bracket', ['Host: [::1']],
    ['bytes that are no name', ['Host: \xe9vil.example']],
    ['a semicolon', ['Host: gateway.example;evil']],
    ['a scheme', ['Host: http://gateway.example']],
  ])('%s is refused everywhere', async (_, hosts) => {
    for (const [endpoint, more] of ENDPOINTS) {
      const [method, path] = endpoint.split(' ');
      const lines = [
        `${method} /api/plugin-gateway${path} HTTP/1.1`,
        ...hosts,
        ...more(),
        'Connection: close',
      ];
      const answers = await target.send(`${lines.join('\r\n')}\r\n\r\n`);
      expect([endpoint, answers.map(({ status }) => status)]).toEqual([endpoint, [400]]);
    }
    expect(target.crm.seen).toHaveLength(before);
  });

  it.each([
    'gateway.example',
    'GATEWAY.example:443',
    'gate_way',
    '10.0.0.1:80',
    '[::1]:4000',
    '[::1]',
    'gateway.example:',
    'xn--e1afmkfd.example.',
    '',
  ])('%j is none', async (host) => {
    const [answer] = await target.send(last('GET /plugin-crm/public').replace('gateway.example', host));
    expect(answer?.status).toBe(200);
    expect(target.crm.seen.at(-1)?.headers['x-forwarded-host']).toBe(host === '' ? undefined : host);
  });
});

it('HTTP/1.0 knows no chunks', async () => {
  const old = (text: string) => text.replace('HTTP/1.1', 'HTTP/1.0');
  const [answer] = await target.send(
    old(head('POST /plugin-crm/open', 'Transfer-Encoding: chunked')) + CHUNKED + SMUGGLED,
  );
  expect(answer?.status).toBe(400);
  expect(target.crm.seen).toHaveLength(before);
  const [plain] = await target.send(old(head('POST /plugin-crm/open', 'Content-Length: 14')) + JSON_BODY);
  expect(plain).toMatchObject({ status: 200, body: JSON_BODY });
});
