import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../instances/testing/route-table.ts';
import { createAuthenticate } from './authenticate.ts';
import { createDevelopmentProvider, issueDevelopmentToken } from './development-provider.ts';
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

function setUp() {
  let time = Date.UTC(2026, 0, 1);
  let verifications = 0;
  const now = () => time;
  const secret = createSecretKey(Buffer.alloc(32));
  const signer = createTokenSigner({ current: { kid: 'k', secret }, byId: new Map([['k', secret]]) }, now);
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
    userToken: async () => (await issueDevelopmentToken(signer, NAMES, ada, 60_000)).token,
    pluginToken: async (id = 'plugin-analytics') => (await issuePluginToken(signer, id)).token,
    verifications: () => verifications,
    pass(ms: number) {
      time += ms;
    },
  };
}

describe('a user', () => {
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
