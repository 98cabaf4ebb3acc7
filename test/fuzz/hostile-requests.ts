import fc from 'fast-check';

/** One connection's bytes, in the pieces in which they are written. */
export interface HostileRequest {
  readonly pieces: readonly Buffer[];
}

/** What a test gateway hands out, for requests that get past identity. */
export interface Credentials {
  readonly userToken: string;
  readonly pluginToken: string;
  readonly context: string;
}

/** Stands wherever a client says something that no plugin may ever be told. */
export const EVIL = 'EVIL-5f1d';
/** A path that only smuggled requests ask for. */
export const SMUGGLED = '/smuggled';

const BASE = '/api/plugin-gateway';

const METHODS = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.constantFrom(
      'GET',
      'GET',
      'GET',
      'POST',
      'POST',
      'PUT',
      'DELETE',
      'HEAD',
      'PATCH',
      'OPTIONS',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'TRACE',
      'CONNECT',
      'PRI',
      'get',
      'G E T',
      'GET\t',
      'PROPFIND',
      'M-SEARCH',
      '',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
);

const SEGMENT = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.constantFrom('contacts', 'internal', 'public', 'reports', '1', 'a%20b', '%40me', 'c'),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2E.',
      '%2f',
      '%5c',
      '\\',
      '%00',
      '%',
      '%zz',
      '%c0%af',
      '%252e%252e',
      ';',
      ';a=b',
      '',
      '\u0000',
      'é',
      '%F0%9F%92%A9',
      '#',
      '?',
      'contacts%2f1',
      '%63ontacts',
      'health',
      'services',
      'admin',
      'metrics',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);

/** Method and target as they should be. */
const KNOWN = fc
  .tuple(
    fc.constantFrom(
      ['GET', '/plugin-crm/contacts'],
      ['POST', '/plugin-crm/contacts'],
      ['GET', '/plugin-crm/contacts/7'],
      ['HEAD', '/plugin-crm/contacts/7'],
      ['PUT', '/plugin-crm/contacts/7'],
      ['DELETE', '/plugin-crm/contacts/7'],
      ['GET', '/plugin-crm/public'],
      ['GET', '/plugin-crm/internal'],
      ['POST', '/plugin-analytics/reports'],
      ['GET', '/services'],
    ),
    fc.constantFrom('', '', '?a=1', '?__proto__=1', '?take=x&take=y'),
  )
  .map(([[method = '', path = ''], query]) => [method, `${BASE}${path}${query}`] as const);

const TARGET = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom('plugin-crm', 'plugin-analytics', 'plugin-CRM', 'services', ''),
        fc.array(SEGMENT, { maxLength: 4 }),
        fc.constantFrom('', '?', '?a=1', '?a=%', '?__proto__=1', '?take=x'),
      )
      .map(
        ([plugin, segments, query]) =>
          `${BASE}/${plugin}${segments.map((segment) => `/${segment}`).join('')}${query}`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '*',
      '/',
      '',
      '//',
      `${BASE}`,
      `http://plugin.invalid${BASE}/plugin-crm/contacts`,
      `//evil.example${BASE}/plugin-crm/contacts`,
      `${BASE}//plugin-crm/contacts`,
      `/API/plugin-gateway/plugin-crm/contacts`,
      `${BASE}/plugin-crm/../plugin-analytics/reports`,
      'plugin-crm:80',
      `${BASE}/plugin-crm/contacts HTTP/1.1\r\nX: y`,
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 200 }) },
);

const IDENTITY = fc
  .tuple(
    fc.constantFrom(
      'X-Tenant-ID',
      'x-tenant-id',
      'X_Tenant_ID',
      'x.tenant.id',
      'X-User-ID',
      'X-Workspace-ID',
      'X-Caller-Plugin-ID',
      'X-Plexica-Context',
      'x_plexica_context',
      'X-Plexica-Act-As-Tenant',
      'X-Plexica-Anything',
      'X-Forwarded-For',
      'Forwarded',
      'X-Real-IP',
      'X-Original-URL',
      'X-HTTP-Method-Override',
      'Cookie',
      'X-Forwarded-Host',
    ),
    fc.constantFrom(': ', ': ', ': ', ': ', ': ', ': ', ':', ':\t', ' : ', ':\r\n '),
  )
  .map(([name, colon]) => `${name}${colon}${EVIL}`);

/** What a client may well say, and a proxy must not trip over. */
const HARMLESS = fc.constantFrom(
  'Connection: keep-alive',
  'Connection: close, x-tenant-id, x-user-id',
  'Connection: x-plexica-context',
  'TE: trailers',
  'Expect: 100-continue',
  'Upgrade: h2c',
  'Range: bytes=0-',
  'Origin: https://evil.example',
  'Accept-Encoding: gzip',
  'Keep-Alive: timeout=1',
  'Cookie: a=b',
);

const FRAMING = fc.constantFrom(
  'Content-Length: 0',
  'Content-Length: 5',
  'Content-Length: 5, 5',
  'Content-Length: -1',
  'Content-Length: +5',
  'Content-Length: 0x5',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  'Expect: 100-continue',
  'Expect: 200-ok',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'Connection: Upgrade',
  'Connection: keep-alive',
  'Connection: close, x-tenant-id, x-user-id',
  'Connection: x-plexica-context',
  'TE: trailers',
  'Trailer: X-Tenant-ID',
  'Host: other.example',
  'Host:',
  'Keep-Alive: timeout=1',
  'Range: bytes=0-',
  'Content-Encoding: gzip',
  'Origin: https://evil.example',
  'Content-Type: application/json',
  'Content-Type: text/plain',
  'Accept-Encoding: gzip',
  'Sec-WebSocket-Key: x',
  'Sec-WebSocket-Version: 13',
);

const ODD_HEADER = fc.oneof(
  fc.constantFrom(
    ': empty',
    'No Colon',
    'X-A: \u0000',
    'X-A: \u007f',
    'X-\u00e9: 1',
    ' X-Folded: 1',
    '\tX: 1',
    'X-A: b\nX-B: c',
    'X-A: b\rX-B: c',
  ),
  fc
    .tuple(fc.string({ maxLength: 20 }), fc.string({ maxLength: 40 }))
    .map(([name, value]) => `${name}: ${value}`),
  fc.integer({ min: 1, max: 20_000 }).map((length) => `X-Long: ${'a'.repeat(length)}`),
);

function authorizationOf({ userToken, pluginToken, context }: Credentials): fc.Arbitrary<readonly string[]> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant([`Authorization: Bearer ${userToken}`]) },
    {
      weight: 2,
      arbitrary: fc.constant([`Authorization: Bearer ${pluginToken}`, `X-Plexica-Context: ${context}`]),
    },
    { weight: 1, arbitrary: fc.constant([`Authorization: Bearer ${pluginToken}`]) },
    { weight: 2, arbitrary: fc.constant([]) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        ['Authorization: Bearer'],
        ['Authorization: Basic YTpi'],
        [`Authorization: Bearer ${userToken}x`],
        [`Authorization: Bearer ${context}`],
        [`Authorization: Bearer ${userToken}`, `Authorization: Bearer ${pluginToken}`],
        ['Authorization: Bearer a.b.c'],
      ),
    },
  );
}

const SMUGGLE = `GET ${SMUGGLED} HTTP/1.1\r\nHost: x\r\nX-Tenant-ID: ${EVIL}\r\n\r\n`;

/** What may stand behind a head, with the head's lines that announce it: right, wrong, or not at all. */
interface Body {
  readonly lines: readonly string[];
  readonly bytes: string;
}

const RIGHT_BODY: fc.Arbitrary<Body> = fc
  .tuple(
    fc.constantFrom('', '{"name":"x"}', 'hello', SMUGGLE, '{"__proto__":{"a":1}}', 'x'.repeat(5000)),
    fc.boolean(),
    fc.constantFrom('application/json', 'text/plain'),
  )
  .map(([text, chunked, type]) => ({
    lines: [
      `Content-Type: ${type}`,
      chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${text.length}`,
    ],
    bytes: chunked ? `${text === '' ? '' : `${text.length.toString(16)}\r\n${text}\r\n`}0\r\n\r\n` : text,
  }));

const WRONG_BYTES = fc.oneof(
  fc.constantFrom(
    '5\r\nhello\r\n0\r\n\r\n',
    '0\r\n\r\n',
    `0\r\n\r\n${SMUGGLE}`,
    `5\r\nhello\r\n0\r\nX-Tenant-ID: ${EVIL}\r\n\r\n`,
    'zz\r\nhello\r\n0\r\n\r\n',
    '-1\r\n',
    'ffffffffffffffff\r\nhello',
    '5;ext=1\r\nhello\r\n0\r\n\r\n',
    '5\nhello\n0\n\n',
    SMUGGLE,
    `hello${SMUGGLE}`,
    '[[[[[[',
    '5\r\nhelloXX0\r\n\r\n',
  ),
  fc.string({ maxLength: 300 }),
);

const BODY: fc.Arbitrary<Body> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ lines: [], bytes: '' }) },
  { weight: 4, arbitrary: RIGHT_BODY },
  { weight: 3, arbitrary: fc.record({ lines: fc.array(FRAMING, { maxLength: 2 }), bytes: WRONG_BYTES }) },
);

/** Requests of every kind of wrong, written in pieces; many of them are nearly right. */
export function hostileRequests(credentials: Credentials): fc.Arbitrary<HostileRequest> {
  const headers = fc.tuple(
    authorizationOf(credentials),
    fc.array(
      fc.oneof(
        { weight: 12, arbitrary: IDENTITY },
        { weight: 4, arbitrary: HARMLESS },
        { weight: 1, arbitrary: FRAMING },
        { weight: 1, arbitrary: ODD_HEADER },
      ),
      { maxLength: 3 },
    ),
    fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  );
  return fc
    .record({
      line: fc.oneof({ weight: 3, arbitrary: KNOWN }, { weight: 1, arbitrary: fc.tuple(METHODS, TARGET) }),
      version: fc.oneof(
        { weight: 40, arbitrary: fc.constant('HTTP/1.1') },
        {
          weight: 1,
          arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/1.2', 'HTTP/9', 'http/1.1', ''),
        },
      ),
      headers,
      body: BODY,
      lineEnd: fc.oneof(
        { weight: 60, arbitrary: fc.constant('\r\n') },
        { weight: 1, arbitrary: fc.constantFrom('\n', '\r', '\r\r\n') },
      ),
      cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
      twice: fc.integer({ min: 0, max: 3 }).map((number) => number === 0),
    })
    .map(
      ({
        line: [method, target],
        version,
        headers: [authorization, others, withHost],
        body,
        lineEnd,
        cuts,
        twice,
      }) => {
        const lines = [
          `${method} ${target} ${version}`,
          ...(withHost ? ['Host: gateway'] : []),
          ...authorization,
          ...others,
          ...body.lines,
        ];
        const one = Buffer.from(`${lines.join(lineEnd)}${lineEnd}${lineEnd}${body.bytes}`, 'latin1');
        return { pieces: cutAt(twice ? Buffer.concat([one, one]) : one, cuts) };
      },
    );
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [
    0,
    ...cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b),
    bytes.length,
  ];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}
