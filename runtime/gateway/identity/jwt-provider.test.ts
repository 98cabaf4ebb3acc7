import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SetupError } from '../errors.ts';
import { createJwtProvider, type JwtProviderConfig } from './jwt-provider.ts';

const NAMES = { tenant: 'tenant_id', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' };
const NOW = Date.UTC(2026, 0, 1);
const seconds = NOW / 1000;
const SECRET = '0123456789abcdef0123456789abcdef';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-jwt-'));
  await writeFile(join(folder, 'rsa.pem'), pem);
});
afterAll(() => rm(folder, { recursive: true }));

const config = (rest: Partial<JwtProviderConfig>): JwtProviderConfig => ({
  kind: 'jwt',
  issuer: 'https://idp.example',
  audience: 'plexica',
  algorithms: ['RS256'],
  key: { kind: 'file', path: join(folder, 'rsa.pem') },
  clockTolerance: 5000,
  ...rest,
});
const provider = (rest: Partial<JwtProviderConfig> = {}) => createJwtProvider(config(rest), NAMES, () => NOW);

const CLAIMS = {
  iss: 'https://idp.example',
  aud: 'plexica',
  exp: seconds + 60,
  tenant_id: 'acme',
  sub: 'ada',
  permissions: ['a:b'],
};
const sign = (claims: object, key: KeyObject | Uint8Array, header: object = {}) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', ...header }).sign(key);

describe('with a public key', () => {
  it('knows who the user is', async () => {
    expect(await (await provider()).verify(await sign(CLAIMS, rsa.privateKey))).toEqual({
      identity: { tenantId: 'acme', userId: 'ada', permissions: ['a:b'] },
      expiresAt: NOW + 65_000,
    });
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'other' }],
    ['no audience', { aud: undefined }],
    ['an end in the past', { exp: seconds - 6 }],
    ['no end', { exp: undefined }],
    ['an end that is no number', { exp: 'never' }],
    ['a beginning in the future', { nbf: seconds + 6 }],
    ['no tenant', { tenant_id: undefined }],
    ['a tenant with a line break', { tenant_id: 'a\r\nb' }],
  ])('refuses %s', async (_, claims) => {
    expect(
      await (await provider()).verify(await sign({ ...CLAIMS, ...claims }, rsa.privateKey)),
    ).toBeUndefined();
  });

  it('allows for clocks that differ a little', async () => {
    const claims = { ...CLAIMS, exp: seconds - 4, nbf: seconds + 4 };
    expect(await (await provider()).verify(await sign(claims, rsa.privateKey))).toBeDefined();
  });

  it('refuses what another key signed', async () => {
    expect(await (await provider()).verify(await sign(CLAIMS, otherRsa.privateKey))).toBeUndefined();
  });

  it('refuses alg none', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const alg of ['none', 'None', 'NONE', '']) {
      expect(await (await provider()).verify(`${part({ alg })}.${part(CLAIMS)}.`)).toBeUndefined();
    }
  });

  it('refuses a public key taken for a secret', async () => {
    const forged = await sign(CLAIMS, new TextEncoder().encode(pem), { alg: 'HS256' });
    expect(await (await provider()).verify(forged)).toBeUndefined();
  });

  it('refuses an algorithm that is not listed', async () => {
    expect(
      await (await provider()).verify(await sign(CLAIMS, rsa.privateKey, { alg: 'PS256' })),
    ).toBeUndefined();
  });

  it.each(['jku', 'jwk', 'x5u', 'kid'])('takes no key from the header %s', async (name) => {
    const value =
      name === 'jwk' ? await exportJWK(otherRsa.publicKey) : 'http://127.0.0.1:1/../../etc/passwd';
    const token = await sign(CLAIMS, otherRsa.privateKey, { [name]: value });
    expect(await (await provider()).verify(token)).toBeUndefined();
  });

  it('takes a JWK file, and refuses one with a secret in it', async () => {
    const path = join(folder, 'key.jwk');
    await writeFile(path, JSON.stringify(await exportJWK(rsa.publicKey)));
    const key = { kind: 'file', path } as const;
    expect(await (await provider({ key })).verify(await sign(CLAIMS, rsa.privateKey))).toBeDefined();
    await writeFile(path, JSON.stringify({ kty: 'oct', k: 'AAAA' }));
    await expect(provider({ key })).rejects.toThrow(SetupError);
  });

  it.each([
    ['missing.pem', undefined, 'cannot be read'],
    ['text.pem', 'hello', 'holds no public key for RS256'],
    [
      'ec.pem',
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .publicKey.export({ type: 'spki', format: 'pem' })
        .toString(),
      'holds no public key',
    ],
  ])('says what is wrong with the file %s', async (name, text, message) => {
    const path = join(folder, name);
    if (text !== undefined) await writeFile(path, text);
    const made = provider({ key: { kind: 'file', path } });
    await expect(made).rejects.toThrow(SetupError);
    await expect(made).rejects.toThrow(message);
  });
});

describe('with a secret', () => {
  const key = { kind: 'secret', secret: SECRET } as const;

  it('knows what the secret signed, and nothing else', async () => {
    const verify = (await provider({ key, algorithms: ['HS256'] })).verify;
    const bytes = new TextEncoder().encode(SECRET);
    expect(await verify(await sign(CLAIMS, bytes, { alg: 'HS256' }))).toBeDefined();
    expect(await verify(await sign(CLAIMS, bytes, { alg: 'HS512' }))).toBeUndefined();
    expect(
      await verify(await sign(CLAIMS, new TextEncoder().encode(`${SECRET}x`), { alg: 'HS256' })),
    ).toBeUndefined();
    expect(await verify(await sign(CLAIMS, rsa.privateKey))).toBeUndefined();
  });
});

describe('with a key set', () => {
  it('follows a rotation without a restart', async () => {
    let published = { kid: 'one', pair: rsa };
    const idp = await listen(async (_, response) => {
      response.end(
        JSON.stringify({ keys: [{ ...(await exportJWK(published.pair.publicKey)), kid: published.kid }] }),
      );
    });
    try {
      const { verify } = await provider({ key: { kind: 'jwks', uri: idp.url } });
      expect(await verify(await sign(CLAIMS, rsa.privateKey, { kid: 'one' }))).toBeDefined();
      const rotated = await sign(CLAIMS, otherRsa.privateKey, { kid: 'two' });
      expect(await verify(rotated)).toBeUndefined();
      published = { kid: 'two', pair: otherRsa };
      // The set is not fetched more than once a second.
      await expect.poll(() => verify(rotated), { timeout: 5000 }).toBeDefined();
      expect(await verify(await sign(CLAIMS, rsa.privateKey, { kid: 'one' }))).toBeUndefined();
    } finally {
      idp.close();
    }
  });

  it.each<[string, RequestListener]>([
    ['fails', (_, response) => response.writeHead(500).end()],
    ['answers with something else', (_, response) => response.end('<html>')],
    ['redirects', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['breaks off', (request) => request.socket.destroy()],
  ])('a provider that %s is not the token’s fault', async (_, answer) => {
    const idp = await listen(answer);
    try {
      const { verify } = await provider({ key: { kind: 'jwks', uri: idp.url } });
      await expect(verify(await sign(CLAIMS, rsa.privateKey, { kid: 'one' }))).rejects.toThrow(
        expect.objectContaining({ code: 'identity-unavailable', status: 503 }),
      );
    } finally {
      idp.close();
    }
  });
});

async function listen(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/jwks`),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
