import fc from 'fast-check';

/** Stands wherever a client says something that no plugin may ever be told. */
export const EVIL = 'EVIL-5f1d';
/** A path that only smuggled requests ask for. */
export const SMUGGLED = '/smuggled';

/** Headers about a body, its framing and the connection, right and wrong. */
export const FRAMING = fc.constantFrom(
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

const SMUGGLE = `GET ${SMUGGLED} HTTP/1.1\r\nHost: x\r\nX-Tenant-ID: ${EVIL}\r\n\r\n`;

/** What may stand behind a head, with the head's lines that announce it: right, wrong, or not at all. */
export interface Body {
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

export const HOSTILE_BODY: fc.Arbitrary<Body> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ lines: [], bytes: '' }) },
  { weight: 4, arbitrary: RIGHT_BODY },
  { weight: 3, arbitrary: fc.record({ lines: fc.array(FRAMING, { maxLength: 2 }), bytes: WRONG_BYTES }) },
);
