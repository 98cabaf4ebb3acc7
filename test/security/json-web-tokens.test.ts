import { createHmac, createPublicKey, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenSigner, TOKEN_TYPE } from '../../runtime/gateway/identity/signed-token.ts';
import { headersOf, last, startTarget, type Target } from './support/start-target.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const jwk = rsa.publicKey.export({ format: 'jwk' });

let folder: string;
let target: Target;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-security-'));
  await writeFile(join(folder, 'key.pem'), pem);
  target = await startTarget({
    config: {
      identity: {
        provider: {
          kind: 'jwt',
          issuer: 'https://idp.example',
          audience: 'plexica',
          algorithms: ['RS256'],
          key: { kind: 'file', path: join(folder, 'key.pem') },
          clockTolerance: 1_000,
        },
        claims: { tenant: 'app.tenant', user: 'sub', workspace: 'app.workspace', permissions: 'permissions' },
      },
    },
  });
});
afterAll(async () => {
  await target.close();
  await rm(folder, { recursive: true });
});

const seconds = () => Math.floor(Date.now() / 1000);
const claims = (rest: object = {}) => ({
  iss: 'https://idp.example',
  aud: 'plexica',
  sub: 'ada',
  exp: seconds() + 60,
  app: { tenant: 'acme' },
  ...rest,
});
const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signs whatever it is given: an object, or the text of a header or payload. */
function sign(payload: unknown, header: unknown = { alg: 'RS256' }, key: KeyObject = rsa.privateKey): string {
  const signed = `${part(header)}.${part(payload)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

function hmac(secret: string | Buffer, header: object = {}, hash = 'sha256'): string {
  const signed = `${part({ alg: 'HS256', ...header })}.${part(claims())}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

/** What a request with this `Authorization` gets. */
async function show(authorization: string) {
  return target.ask(last('GET /plugin-crm/contacts', `Authorization: ${authorization}`));
}

it('a token of the provider says who somebody is', async () => {
  for (const header of [{ alg: 'RS256' }, { alg: 'RS256', typ: 'at+jwt' }, { alg: 'RS256', kid: 'any' }]) {
    const { answer, arrived } = await show(`Bearer ${sign(claims(), header)}`);
    expect(answer.status).toBe(200);
    expect(headersOf(arrived[0] ?? expect.fail('nothing arrived')).get('x-tenant-id')).toEqual(['acme']);
  }
});

const FORGED: Readonly<Record<string, () => string | Promise<string>>> = {
  // No signature.
  'alg none': () => `${part({ alg: 'none' })}.${part(claims())}.`,
  'alg None': () => `${part({ alg: 'None' })}.${part(claims())}.`,
  'alg nOnE with a signature': () => sign(claims(), { alg: 'nOnE' }),
  'alg with a space': () => sign(claims(), { alg: 'none ' }),
  'alg null': () => sign(claims(), { alg: null }),
  'alg in a list': () => sign(claims(), { alg: ['none', 'RS256'] }),
  'no alg': () => sign(claims(), {}),
  'alg twice, the last one none': () => sign(claims(), '{"alg":"RS256","alg":"none"}'),
  'RS256 without a signature': () => `${part({ alg: 'RS256' })}.${part(claims())}.`,
  'RS256 with half a signature': () => sign(claims()).slice(0, -20),
  'RS256 with a signature of zeroes': () =>
    `${part({ alg: 'RS256' })}.${part(claims())}.${Buffer.alloc(256).toString('base64url')}`,
  'two parts': () => sign(claims()).split('.').slice(0, 2).join('.'),
  'four parts': () => `${sign(claims())}.x`,
  'five parts': () => `${part({ alg: 'dir', enc: 'A128GCM' })}..x.y.z`,
  'dots alone': () => '....',
  // Another algorithm, or key.
  'HS256 with the public key in PEM': () => hmac(pem),
  'HS256 with the public key without its last line break': () => hmac(pem.trim()),
  'HS256 with the public key in DER': () => hmac(rsa.publicKey.export({ type: 'spki', format: 'der' })),
  'HS256 with the public key in PKCS1': () => hmac(rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })),
  'HS256 with the public key as a JWK': () => hmac(JSON.stringify(jwk)),
  'HS256 with the modulus': () => hmac(Buffer.from(jwk.n ?? '', 'base64url')),
  'HS256 with nothing': () => hmac(''),
  'HS256 with a NUL': () => hmac('\0'),
  'HS384 with the public key': () => hmac(pem, { alg: 'HS384' }, 'sha384'),
  'HS512 with the public key': () => hmac(pem, { alg: 'HS512' }, 'sha512'),
  'HS256 with the key that it carries': () => hmac('own', { jwk: { kty: 'oct', k: part('own') } }),
  'HS256 with the file that it names': () => hmac('', { kid: '/dev/null' }),
  'PS256 of another key': () => sign(claims(), { alg: 'PS256' }, own.privateKey),
  'RS384 that is RS256': () => sign(claims(), { alg: 'RS384' }),
  'ES256 that is RS256': () => sign(claims(), { alg: 'ES256' }),
  'another key': () => sign(claims(), { alg: 'RS256' }, own.privateKey),
  ...Object.fromEntries(
    [
      ['jwk', own.publicKey.export({ format: 'jwk' })],
      ['jku', 'http://127.0.0.1:1/keys'],
      ['x5u', 'http://127.0.0.1:1/cert'],
      ['x5c', [createPublicKey(own.privateKey).export({ type: 'spki', format: 'der' }).toString('base64')]],
      ['x5t', 'AAAA'],
      ['kid', '../../../../../../etc/passwd'],
      ['kid', "' UNION SELECT 'own'; --"],
      ['kid', 'http://127.0.0.1:1/key'],
      ['kid', '__proto__'],
      ['kid', 'constructor'],
      ['kid', '${7*7}'],
      ['kid', '\u0000'],
      ['kid', ['a']],
      ['kid', { a: 1 }],
      ['kid', 7],
    ].map(([name, value], at) => [
      `another key, with ${String(name)} ${at}`,
      () => sign(claims(), { alg: 'RS256', [String(name)]: value }, own.privateKey),
    ]),
  ),
  'crit that nobody knows': () => sign(claims(), { alg: 'RS256', crit: ['exp'], exp: 1 }),
  'crit of nothing': () => sign(claims(), { alg: 'RS256', crit: [] }),
  'a payload that is not encoded': () => sign(claims(), { alg: 'RS256', crit: ['b64'], b64: false }),
  // Times.
  expired: () => sign(claims({ exp: seconds() - 2 })),
  'expired long ago': () => sign(claims({ exp: 0 })),
  'expired before time began': () => sign(claims({ exp: -1 })),
  'no end': () => sign(claims({ exp: undefined })),
  'an end of null': () => sign(claims({ exp: null })),
  'an end in words': () => sign(claims({ exp: String(seconds() + 60) })),
  'an end in a list': () => sign(claims({ exp: [seconds() + 60] })),
  'not yet': () => sign(claims({ nbf: seconds() + 5 })),
  'not yet, in words': () => sign(claims({ nbf: '0' })),
  // For whom, and from whom.
  'another issuer': () => sign(claims({ iss: 'https://evil.example' })),
  'an issuer that begins the same': () => sign(claims({ iss: 'https://idp.example.evil.example' })),
  'the issuer with a slash': () => sign(claims({ iss: 'https://idp.example/' })),
  'the issuer in capitals': () => sign(claims({ iss: 'HTTPS://IDP.EXAMPLE' })),
  'two issuers': () => sign(claims({ iss: ['https://idp.example', 'https://evil.example'] })),
  'an issuer in an object': () => sign(claims({ iss: { 0: 'https://idp.example' } })),
  'no issuer': () => sign(claims({ iss: undefined })),
  'another audience': () => sign(claims({ aud: 'other' })),
  'other audiences': () => sign(claims({ aud: ['other', 'plexica2'] })),
  'no audience': () => sign(claims({ aud: undefined })),
  'an audience of nothing': () => sign(claims({ aud: [] })),
  'an audience within a list': () => sign(claims({ aud: [['plexica']] })),
  'an audience in an object': () => sign(claims({ aud: { plexica: true } })),
  'an audience of all': () => sign(claims({ aud: '*' })),
  // Whose.
  'no tenant': () => sign(claims({ app: {} })),
  'a tenant of null': () => sign(claims({ app: { tenant: null } })),
  'a tenant that is a number': () => sign(claims({ app: { tenant: 7 } })),
  'a tenant that is true': () => sign(claims({ app: { tenant: true } })),
  'a tenant in a list': () => sign(claims({ app: { tenant: ['acme'] } })),
  'a tenant in an object': () => sign(claims({ app: { tenant: { toString: 'acme' } } })),
  'an empty tenant': () => sign(claims({ app: { tenant: '' } })),
  'a tenant of spaces': () => sign(claims({ app: { tenant: ' ' } })),
  'a tenant with a line break': () => sign(claims({ app: { tenant: 'acme\r\nX-User-ID: root' } })),
  'a tenant with a bare line feed': () => sign(claims({ app: { tenant: 'acme\nevil' } })),
  'a tenant with a NUL': () => sign(claims({ app: { tenant: 'acme\0' } })),
  'a tenant in letters that look the same': () => sign(claims({ app: { tenant: '\u0430cme' } })),
  'a tenant with a letter that becomes a line break': () =>
    sign(claims({ app: { tenant: 'acme\u010d\u010aX-Evil:1' } })),
  'a tenant that is too long': () => sign(claims({ app: { tenant: 'a'.repeat(257) } })),
  'a tenant of a prototype': () =>
    sign(
      `{"iss":"https://idp.example","aud":"plexica","exp":${seconds() + 60},"__proto__":{"app":{"tenant":"evil"}}}`,
    ),
  'a tenant of a constructor': () =>
    sign(claims({ app: undefined, constructor: { prototype: { app: { tenant: 'evil' } } } })),
  'a tenant of a list': () => sign(claims({ app: [{ tenant: 'evil' }] })),
  'a tenant of a text': () => sign(claims({ app: 'tenant' })),
  'a user with a line break': () => sign(claims({ sub: 'ada\r\nX-Tenant-ID: evil' })),
  'a user that is a number': () => sign(claims({ sub: 7 })),
  'a workspace in an object': () => sign(claims({ app: { tenant: 'acme', workspace: {} } })),
  'permissions in an object': () => sign(claims({ permissions: { 'contacts:write': true } })),
  'permissions that are numbers': () => sign(claims({ permissions: [1] })),
  // What is no payload.
  'a payload of null': () => sign('null'),
  'a payload in a list': () => sign([claims()]),
  'a payload in words': () => sign('"acme"'),
  'a payload cut short': () => sign('{"iss":"https://idp.example"'),
  'a payload that is not UTF-8': () =>
    sign(claims()).replace(/\.[^.]+\./, `.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.`),
  'a payload a hundred thousand levels deep': () => sign('[['.repeat(1_500)),
  'a token that is too long': () => sign(claims({ x: 'a'.repeat(8_200) })),
  // The gateway's own.
  'a token of the development provider': async () => await gatewaySigned(TOKEN_TYPE.development),
  'a context': async () => gatewaySigned(TOKEN_TYPE.context),
  'a context for the gateway’s user': async () =>
    target.gateway.context.contexts.issue({ tenantId: 'acme', permissions: [] }, 'plugin-crm'),
  'a plugin’s token that the provider signed': () =>
    sign(claims({ sub: 'plugin-analytics' }), { alg: 'RS256', typ: TOKEN_TYPE.plugin }),
  'a plugin’s token under the name of the gateway’s key': () =>
    sign(claims({ sub: 'plugin-analytics' }), {
      alg: 'RS256',
      typ: TOKEN_TYPE.plugin,
      kid: target.gateway.keys.current.kid,
    }),
  'a plugin’s token that the public key signed': () =>
    hmac(pem, { typ: TOKEN_TYPE.plugin, kid: target.gateway.keys.current.kid }),
};

async function gatewaySigned(type: (typeof TOKEN_TYPE)[keyof typeof TOKEN_TYPE]): Promise<string> {
  const signer = createTokenSigner(target.gateway.keys, Date.now);
  return (await signer.sign(type, { ...claims(), tenant: 'acme', tenant_id: 'acme' }, 60_000)).token;
}

describe('401, in the same words, and nothing arrives, for', () => {
  it.each(Object.entries(FORGED))('%s', async (_, forge) => {
    const token = await forge();
    for (const round of ['first', 'again']) {
      const { answer, arrived } = await show(`Bearer ${token}`);
      expect([round, answer.status, arrived]).toEqual([round, 401, []]);
      expect(JSON.parse(answer.body)).toEqual({
        success: false,
        error: 'the token is not valid',
        code: 'token-invalid',
        requestId: expect.any(String),
      });
      expect(answer.headers).toContainEqual(['www-authenticate', 'Bearer error="invalid_token"']);
    }
  });

  it.each([
    ['no scheme', (token: string) => token],
    ['another scheme', (token: string) => `Basic ${token}`],
    ['a scheme of one word', (token: string) => `Bearer${token}`],
    ['a scheme with a colon', (token: string) => `Bearer: ${token}`],
    ['a scheme in quotes', (token: string) => `"Bearer" ${token}`],
    ['a token in quotes', (token: string) => `Bearer "${token}"`],
    ['two tokens', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['two tokens without a comma', (token: string) => `Bearer ${token} ${token}`],
    ['a token and more', (token: string) => `Bearer ${token}; x=y`],
    ['a tab', (token: string) => `Bearer\t${token}`],
    ['nothing behind the scheme', () => 'Bearer'],
    ['spaces behind the scheme', () => `Bearer ${' '.repeat(4_000)}x y`],
    ['nothing at all', () => ''],
  ])('%s', async (_, authorization) => {
    const { answer, arrived } = await show(authorization(sign(claims())));
    expect([answer.status, answer.code, arrived]).toEqual([401, 'token-invalid', []]);
  });
});

it('a token counts nowhere but in its header', async () => {
  const token = sign(claims());
  const before = target.crm.seen.length;
  for (const text of [
    last(`GET /plugin-crm/contacts?access_token=${token}`),
    last('GET /plugin-crm/contacts', `Cookie: token=${token}; Authorization=Bearer ${token}`),
    last('GET /plugin-crm/contacts', `X-Authorization: Bearer ${token}`),
    last('GET /plugin-crm/contacts', `Proxy-Authorization: Bearer ${token}`),
    last('GET /plugin-crm/contacts', `X_Authorization: Bearer ${token}`),
    last('GET /plugin-crm/contacts', `Sec-WebSocket-Protocol: plexica.bearer.${token}`),
    last('GET /plugin-crm/contacts', `X-Plexica-Context: ${token}`),
  ]) {
    expect(await target.send(text)).toMatchObject([{ status: 401, code: 'token-missing' }]);
  }
  expect(target.crm.seen).toHaveLength(before);
});

it('an audience among others, and claims that mean nothing here, do no harm', async () => {
  const odd = {
    aud: ['other', 'plexica'],
    tenant: 'evil',
    tenant_id: 'evil',
    'X-Tenant-ID': 'evil',
    iat: 'x',
    jti: {},
  };
  const { arrived } = await show(`Bearer ${sign(claims({ ...odd, iat: seconds() }))}`);
  expect(headersOf(arrived[0] ?? expect.fail('nothing arrived')).get('x-tenant-id')).toEqual(['acme']);
  // A claim that stands twice is read once: what the provider signed last holds.
  const twice = `{"iss":"https://idp.example","aud":"plexica","exp":${seconds() + 60},"app":{"tenant":"first"},"app":{"tenant":"acme"}}`;
  const second = await show(`Bearer ${sign(twice)}`);
  expect(JSON.stringify(second.arrived)).not.toContain('first');
});
