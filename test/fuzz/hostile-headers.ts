import fc from 'fast-check';
import { EVIL, FRAMING } from './hostile-body.ts';

/** What a test gateway hands out, for requests that get past identity. */
export interface Credentials {
  readonly userToken: string;
  readonly pluginToken: string;
  readonly context: string;
}

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

/** Who asks, what else the head says, and whether it has a `Host`. */
export function hostileHeaders(credentials: Credentials) {
  return fc.tuple(
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
}
