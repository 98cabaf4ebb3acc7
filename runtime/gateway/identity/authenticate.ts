import { decodeProtectedHeader } from 'jose';
import type { Authenticate } from '../context.ts';
import { GatewayError } from '../errors.ts';
import type { Caller, TenantIdentity } from '../rules/caller.ts';
import type { PreparedTable } from '../table/prepared-table.ts';
import { createExpiringCache } from './expiring-cache.ts';
import { verifyPluginToken } from './plugin-token.ts';
import { TOKEN_TYPE, type TokenSigner } from './signed-token.ts';
import type { TenantContexts } from './tenant-context.ts';
import type { UserIdentityProvider } from './user-identity-provider.ts';

export interface AuthenticateOptions {
  readonly provider: UserIdentityProvider;
  readonly signer: TokenSigner;
  readonly contexts: TenantContexts;
  readonly table: PreparedTable;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Longer tokens are not looked at. */
const MAX_TOKEN_LENGTH = 8192;
/** How many verified tokens, and contexts, are remembered. */
const CACHE_SIZE = 10_000;

const ANONYMOUS: Caller = { kind: 'anonymous' };

/** Who has proven to be the caller: one verification per token, until the token expires. */
export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { provider, signer, contexts, table, now } = options;
  const tokens = createExpiringCache<Caller>(CACHE_SIZE, now);
  const tenants = createExpiringCache<TenantIdentity>(CACHE_SIZE, now);

  return async (authorization, tenantContext) => {
    if (authorization === undefined) return ANONYMOUS;
    const token = bearerToken(authorization);
    const caller = tokens.get(token) ?? (await verify(token));
    if (caller.kind !== 'plugin' || tenantContext === undefined) return caller;
    return { ...caller, tenant: await tenantOf(tenantContext, caller.pluginId) };
  };

  async function verify(token: string): Promise<Caller> {
    const type = typeOf(token);
    const verified = type === TOKEN_TYPE.plugin ? await verifyPlugin(token) : await verifyUser(token);
    tokens.set(token, verified.caller, verified.expiresAt);
    return verified.caller;
  }

  async function verifyPlugin(token: string): Promise<{ caller: Caller; expiresAt: number }> {
    const plugin = await verifyPluginToken(signer, table, token);
    if (plugin === undefined) throw invalidToken();
    const { pluginId, expiresAt } = plugin;
    return { caller: { kind: 'plugin', pluginId, tenant: undefined }, expiresAt };
  }

  async function verifyUser(token: string): Promise<{ caller: Caller; expiresAt: number }> {
    const user = await provider.verify(token);
    if (user === undefined) throw invalidToken();
    return { caller: { kind: 'user', tenant: user.identity }, expiresAt: user.expiresAt };
  }

  async function tenantOf(tenantContext: string, pluginId: string): Promise<TenantIdentity> {
    const key = `${pluginId} ${tenantContext}`;
    const known = tenants.get(key);
    if (known !== undefined) return known;
    const verified =
      tenantContext.length > MAX_TOKEN_LENGTH ? undefined : await contexts.verify(tenantContext, pluginId);
    if (verified === undefined) {
      throw new GatewayError(
        'tenant-context-invalid',
        `the X-Plexica-Context header is not valid for ${pluginId}: pass on the one of the request that it is ` +
          'serving, within a minute',
      );
    }
    tenants.set(key, verified.identity, verified.expiresAt);
    return verified.identity;
  }
}

function bearerToken(authorization: string): string {
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization)?.[1];
  if (token === undefined || token.length > MAX_TOKEN_LENGTH) throw invalidToken();
  return token;
}

/** What a token says to be decides who checks it, and nothing more. */
function typeOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).typ;
  } catch {
    throw invalidToken();
  }
}

function invalidToken(): GatewayError {
  return new GatewayError('token-invalid', 'the token is not valid', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
}
