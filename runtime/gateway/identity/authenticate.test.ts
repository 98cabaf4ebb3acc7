import { createSecretKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GatewayError } from '../errors.ts';
import { systemClock } from '../instances/clock.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import { createAuthenticate } from './authenticate.ts';
import { createDevelopmentProvider, issueDevelopmentToken } from './development-provider.ts';
import { changeKeyFile, newKey } from './key-file.ts';
import { openKeyStore } from './key-store.ts';
import type { SigningKeys } from './keys.ts';
import { issuePluginToken } from './plugin-token.ts';
import { createTokenSigner, TOKEN_TYPE } from './signed-token.ts';
import { createTenantContexts } from './tenant-context.ts';
import type { UserIdentityProvider } from './user-identity-provider.ts';

const NAMES = { tenant: 'tenant_id', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' };
const ada = { tenantId: 'acme', userId: 'ada', permissions: ['a:b'] };
const invalid = expect.objectContaining({
  code: 'token-invalid',
  status: 401,
  message: 'the token is not valid',
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
});

const secret = createSecretKey(Buffer.alloc(32));
const KEYS: SigningKeys = { current: { kid: 'k', secret }, byId: new Map([['k', secret]]) };

function setUp(keys: SigningKeys = KEYS) {
  let time = Date.UTC(2026, 0, 1);
  let verifications = 0;
  const now = () => time;
  const signer = createTokenSigner(keys, now);
  const development = createDevelopmentProvider(signer, NAMES, '127.0.0.1');
  const provider: UserIdentityProvider = {
    verify(token) {
      verifications += 1;
      return development.verify(token);
    },
  };
  const contexts = createTenantContexts(signer, now);
  const table = tableOf([{ id: 'plugin-crm' }, { id: 'plugin-analytics' }]);
  const authenticate = createAuthenticate({ provider, signer, contexts, table, now });
  return {
    authenticate,
    contexts,
    signer,
    userToken: async (lifetime = 60_000) => (await issueDevelopmentToken(signer, NAMES, ada, lifetime)).token,
    pluginToken: async (id = 'plugin-analytics') => (await issuePluginToken(signer, id)).token,
    verifications: () => verifications,
    pass(ms: number) {
      time += ms;
    },
  };
}

describe('a user', () => {
  it('whose token lives for long is verified anew now and then: its key may have been taken back', async () => {
    const { authenticate, userToken, verifications, pass } = setUp();
    const authorization = `Bearer ${await userToken(3_600_000)}`;
    for (let minute = 0; minute < 12; minute += 1) {
      expect(await authenticate(authorization, undefined)).toMatchObject({ kind: 'user' });
      pass(60_000);
    }
    expect(verifications()).toBe(3);
  });

  it('is nobody without a token', async () => {
    expect(await setUp().authenticate(undefined, undefined)).toEqual({ kind: 'anonymous' });
  });

  it('is who the token says, verified once until it expires', async () => {
    const { authenticate, userToken, verifications, pass } = setUp();
    const authorization = `Bearer ${await userToken()}`;
    const first = await authenticate(authorization, undefined);
    expect(first).toEqual({ kind: 'user', tenant: ada });
    expect(await authenticate(authorization, undefined)).toBe(first);
    expect(verifications()).toBe(1);
    pass(60_000);
    await expect(authenticate(authorization, undefined)).rejects.toThrow(invalid);
  });

  it('does not become another by a context', async () => {
    const { authenticate, userToken, contexts } = setUp();
    const other = await contexts.issue({ tenantId: 'other', permissions: [] }, 'plugin-analytics');
    expect(await authenticate(`Bearer ${await userToken()}`, other)).toEqual({ kind: 'user', tenant: ada });
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic dTpw',
    'Bearer a b',
    'Bearer x',
    'Bearer a.b.c',
    `Bearer ${'a'.repeat(9000)}`,
  ])('is refused with "%.20s"', async (authorization) => {
    await expect(setUp().authenticate(authorization, undefined)).rejects.toThrow(invalid);
  });

  it('is not proven by a context', async () => {
    const { authenticate, contexts } = setUp();
    const context = await contexts.issue(ada, 'plugin-crm');
    await expect(authenticate(`Bearer ${context}`, undefined)).rejects.toThrow(invalid);
  });
});

describe('a token that is shown again and again', () => {
  it('is verified once, by however many at the same time', async () => {
    const { authenticate, userToken, verifications } = setUp();
    const authorization = `Bearer ${await userToken()}`;
    const callers = await Promise.all(
      Array.from({ length: 100 }, () => authenticate(authorization, undefined)),
    );
    expect(new Set(callers).size).toBe(1);
    expect(verifications()).toBe(1);
  });

  it('is refused once for all, when it is wrong, and looked at again after two seconds', async () => {
    const { authenticate, verifications, pass } = setUp();
    const refused = () => expect(authenticate('Bearer a.b.c', undefined)).rejects.toThrow(invalid);
    await Promise.all(Array.from({ length: 50 }, refused));
    await refused();
    expect(verifications()).toBe(1);
    pass(2000);
    await refused();
    expect(verifications()).toBe(2);
  });

  it('does not drive others out when it is wrong', async () => {
    const { authenticate, userToken, verifications } = setUp();
    const authorization = `Bearer ${await userToken()}`;
    const caller = await authenticate(authorization, undefined);
    const wrong = Array.from({ length: 12_000 }, (_, at) => `Bearer wrong-${at}`);
    await Promise.all(wrong.map((token) => authenticate(token, undefined).catch(() => undefined)));
    const before = verifications();
    expect(await authenticate(authorization, undefined)).toBe(caller);
    expect(verifications()).toBe(before);
    // The first ones are forgotten: only so many wrong ones are kept.
    await authenticate('Bearer wrong-0', undefined).catch(() => undefined);
    expect(verifications()).toBe(before + 1);
  });

  it('is not remembered as wrong where it could not be checked', async () => {
    let isDown = true;
    const provider: UserIdentityProvider = {
      async verify() {
        if (isDown) throw new GatewayError('identity-unavailable', 'down');
        return { identity: ada, expiresAt: Date.now() + 60_000 };
      },
    };
    const signer = createTokenSigner(KEYS, Date.now);
    const contexts = createTenantContexts(signer, Date.now);
    const table = tableOf([]);
    const authenticate = createAuthenticate({ provider, signer, contexts, table, now: Date.now });
    const asked = Array.from({ length: 3 }, () => authenticate('Bearer a', undefined));
    for (const answer of asked) await expect(answer).rejects.toMatchObject({ code: 'identity-unavailable' });
    isDown = false;
    expect(await authenticate('Bearer a', undefined)).toEqual({ kind: 'user', tenant: ada });
  });
});

describe('a key that is taken away', () => {
  it('takes with it what it signed, though it was verified before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plexica-authenticate-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'keys.json');
    const log = { info: () => undefined, error: () => undefined };
    const keys = await openKeyStore(file, { log, clock: systemClock });
    const { authenticate, pluginToken, userToken, contexts } = setUp(keys);

    const old = `Bearer ${await pluginToken()}`;
    const oldUser = `Bearer ${await userToken()}`;
    const oldContext = await contexts.issue(ada, 'plugin-analytics');
    await changeKeyFile(file, (stored) => [newKey(0), ...stored]);
    await keys.refresh();
    const fresh = `Bearer ${await pluginToken()}`;
    expect(await authenticate(old, oldContext)).toMatchObject({ tenant: ada });
    expect(await authenticate(oldUser, undefined)).toMatchObject({ tenant: ada });
    expect(await authenticate(fresh, oldContext)).toMatchObject({ tenant: ada });

    await changeKeyFile(file, (stored) => stored.slice(0, 1));
    await keys.refresh();
    await expect(authenticate(old, undefined)).rejects.toThrow(invalid);
    await expect(authenticate(oldUser, undefined)).rejects.toThrow(invalid);
    await expect(authenticate(fresh, oldContext)).rejects.toMatchObject({ code: 'tenant-context-invalid' });
    expect(await authenticate(fresh, undefined)).toMatchObject({ pluginId: 'plugin-analytics' });
  });
});

describe('a plugin', () => {
  it('is who its token says, without a tenant', async () => {
    const { authenticate, pluginToken } = setUp();
    expect(await authenticate(`bearer ${await pluginToken()}`, undefined)).toEqual({
      kind: 'plugin',
      pluginId: 'plugin-analytics',
      tenant: undefined,
    });
  });

  it('works for the tenant of the context that it was given', async () => {
    const { authenticate, pluginToken, contexts } = setUp();
    const context = await contexts.issue(ada, 'plugin-analytics');
    const authorization = `Bearer ${await pluginToken()}`;
    const first = await authenticate(authorization, context);
    expect(first).toEqual({ kind: 'plugin', pluginId: 'plugin-analytics', tenant: ada });
    // The same object: contexts for its callees are kept with it.
    expect(await authenticate(authorization, context)).toHaveProperty(
      'tenant',
      first.kind === 'plugin' && first.tenant,
    );
  });

  it('is refused when the table has no such plugin', async () => {
    const { authenticate, pluginToken } = setUp();
    await expect(authenticate(`Bearer ${await pluginToken('plugin-gone')}`, undefined)).rejects.toThrow(
      invalid,
    );
  });

  it('is refused with a user’s token that says to be a plugin’s', async () => {
    const { authenticate, signer } = setUp();
    const { token } = await signer.sign(TOKEN_TYPE.development, { sub: 'plugin-crm' }, 60_000);
    const [, payload, signature] = token.split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: TOKEN_TYPE.plugin, kid: 'k' })).toString(
      'base64url',
    );
    await expect(authenticate(`Bearer ${header}.${payload}.${signature}`, undefined)).rejects.toThrow(
      invalid,
    );
  });

  it.each<[string, (parts: ReturnType<typeof setUp>) => Promise<string>]>([
    ['forged', async () => 'a.b.c'],
    ['empty', async () => ''],
    ['given to another plugin', ({ contexts }) => contexts.issue(ada, 'plugin-crm')],
    [
      'expired, though it was used before',
      async ({ contexts, authenticate, pluginToken, pass }) => {
        const context = await contexts.issue(ada, 'plugin-analytics');
        await authenticate(`Bearer ${await pluginToken()}`, context);
        pass(60_000);
        return context;
      },
    ],
    ['a user’s token', ({ userToken }) => userToken()],
  ])('is refused with a context that is %s', async (_, contextOf) => {
    const parts = setUp();
    const context = await contextOf(parts);
    await expect(parts.authenticate(`Bearer ${await parts.pluginToken()}`, context)).rejects.toThrow(
      expect.objectContaining({ code: 'tenant-context-invalid', status: 403 }),
    );
  });
});
