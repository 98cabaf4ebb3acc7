import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign, exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SetupError } from '../errors.ts';
import { systemClock } from '../instances/clock.ts';
import { createJwtProvider, type JwtProviderConfig } from './jwt-provider.ts';
import { createRemoteKeySets } from './remote-key-set.ts';

const NAMES = { tenant: 'tenant_id', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' };
const NOW = Date.UTC(2026, 0, 1);
const seconds = NOW / 1000;
const SILENT = { warn: () => undefined };
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
const provider = (rest: Partial<JwtProviderConfig> = {}) => {
  const remoteKeys = createRemoteKeySets({ clock: systemClock, log: SILENT });
  return createJwtProvider(config(rest), NAMES, { now: () => NOW, remoteKeys, log: SILENT });
};

function noRemoteKeys(): never {
  throw new Error('nobody asks for keys');
}

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

/** Signs what jose would refuse to. */
function signRaw(header: object, claims: object, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

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

  it.each([
    ['an extension that it does not know', { crit: ['x'], x: 1 }],
    ['an empty list of extensions', { crit: [] }],
    ['a list of extensions that is none', { crit: 'x', x: 1 }],
    ['a payload that says not to be encoded', { crit: ['b64'], b64: false }],
    ['no algorithm', { alg: undefined }],
    ['an algorithm that is no text', { alg: ['RS256'] }],
  ])('refuses %s', async (_, header) => {
    const { verify } = await provider();
    expect(await verify(signRaw({ alg: 'RS256', ...header }, CLAIMS, rsa.privateKey))).toBeUndefined();
  });

  it.each(['null', '[]', '"acme"', '7', '{', ''])('refuses the payload %j', async (payload) => {
    const { verify } = await provider();
    const jws = new CompactSign(new TextEncoder().encode(payload)).setProtectedHeader({ alg: 'RS256' });
    expect(await verify(await jws.sign(rsa.privateKey))).toBeUndefined();
  });

  it('reads claims out of objects', async () => {
    const names = { tenant: 'app.org.id', user: 'sub', workspace: 'app.ws', permissions: 'realm.roles' };
    const { verify } = await createJwtProvider(config({}), names, {
      now: () => NOW,
      remoteKeys: noRemoteKeys,
      log: SILENT,
    });
    const claims = { ...CLAIMS, app: { org: { id: 'nested' }, ws: 'w' }, realm: { roles: ['a:b'] } };
    expect((await verify(await sign(claims, rsa.privateKey)))?.identity).toEqual({
      tenantId: 'nested',
      userId: 'ada',
      workspaceId: 'w',
      permissions: ['a:b'],
    });
    expect(await verify(await sign(CLAIMS, rsa.privateKey))).toBeUndefined();
  });

  it.each([
    [{ iss: 'https://other.example' }, 'its "iss" is another than identity.jwt.issuer'],
    [{ aud: 'other' }, 'its "aud" is another than identity.jwt.audience'],
    [{ aud: undefined }, 'its "aud" is another than identity.jwt.audience'],
    [{ exp: undefined }, 'it has no "exp"'],
    [{ tenant_id: undefined }, 'its "tenant_id" (identity.claims.tenant) is missing'],
    [
      { tenant_id: 7 },
      'its "tenant_id" (identity.claims.tenant) is missing, or no text that can be a header',
    ],
    [{ sub: 'a\nb' }, 'its "sub" (identity.claims.user) is no text that can be a header'],
    [{ permissions: { a: 1 } }, 'its "permissions" (identity.claims.permissions) is no list of texts'],
  ])(
    'tells the log once why tokens with %j are refused, for they are signed as they should be',
    async (change, why) => {
      const log: string[] = [];
      const parts = {
        now: () => NOW,
        remoteKeys: noRemoteKeys,
        log: { warn: (line: string) => log.push(line) },
      };
      const { verify } = await createJwtProvider(config({}), NAMES, parts);
      // What anybody can make says nothing about the settings, and neither does time.
      for (const [claims, key] of [
        [{ ...CLAIMS, ...change }, otherRsa.privateKey],
        [{ ...CLAIMS, exp: seconds - 60 }, rsa.privateKey],
        [{ ...CLAIMS, nbf: seconds + 60 }, rsa.privateKey],
      ] as const) {
        expect(await verify(await sign(claims, key))).toBeUndefined();
      }
      expect(log).toEqual([]);
      for (const sub of ['ada', 'bob']) {
        expect(await verify(await sign({ ...CLAIMS, sub, ...change }, rsa.privateKey))).toBeUndefined();
      }
      expect(log).toEqual([expect.stringContaining(`with a right signature is refused: ${why}`)]);
    },
  );

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
    [
      'short.pem',
      generateKeyPairSync('rsa', { modulusLength: 1024 })
        .publicKey.export({ type: 'spki', format: 'pem' })
        .toString(),
      'RSA keys have 2048 bits or more',
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

  it('a published key that is too short is not the token’s fault', async () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const set = JSON.stringify({ keys: [{ ...(await exportJWK(short.publicKey)), kid: 'one' }] });
    const idp = await listen((_, response) => response.end(set));
    try {
      const { verify } = await provider({ key: { kind: 'jwks', uri: idp.url } });
      const token = signRaw({ alg: 'RS256', kid: 'one' }, CLAIMS, short.privateKey);
      await expect(verify(token)).rejects.toThrow(
        expect.objectContaining({ code: 'identity-unavailable', status: 503 }),
      );
    } finally {
      idp.close();
    }
  });

  it.each([['secret'], [['one']], [{ kid: 'one' }], [7], [null], ['__proto__'], ["one' OR '1'='1"]])(
    'refuses the kid %j',
    async (kid) => {
      const set = JSON.stringify({ keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'one' }] });
      const idp = await listen((_, response) => response.end(set));
      try {
        const { verify } = await provider({ key: { kind: 'jwks', uri: idp.url } });
        const token = signRaw({ alg: 'RS256', kid }, CLAIMS, rsa.privateKey);
        expect(await verify(token)).toBeUndefined();
      } finally {
        idp.close();
      }
    },
  );

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
