import { decodeProtectedHeader } from 'jose';
import type { Authenticate } from '../context.ts';
import { GatewayError } from '../errors.ts';
import type { Caller, TenantIdentity } from '../rules/caller.ts';
import type { PreparedTable } from '../table/prepared-table.ts';
import { verifyPluginToken } from './plugin-token.ts';
import { TOKEN_TYPE, type TokenSigner } from './signed-token.ts';
import type { TenantContexts } from './tenant-context.ts';
import type { UserIdentityProvider } from './user-identity-provider.ts';
import { createVerifications, type Verified } from './verifications.ts';

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

/**
 * How long a user's token is taken for right without another look, in milliseconds: its provider may take back the key
 * that signed it long before it ends.
 */
const REVERIFY_AFTER = 300_000;

const ANONYMOUS: Caller = { kind: 'anonymous' };

/** Who has proven to be the caller: one verification per token in its time, and anew when a key was taken away. */
export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { provider, signer, contexts, table, now } = options;
  const tokens = createVerifications<Caller>(now);
  const tenants = createVerifications<TenantIdentity>(now);
  let generation = signer.generation();

  return async (authorization, tenantContext) => {
    if (authorization === undefined) return ANONYMOUS;
    const token = bearerToken(authorization);
    forgetWhatIsOutdated();
    const caller = await tokens.of(token, () => verify(token));
    if (caller === undefined) throw invalidToken();
    if (caller.kind !== 'plugin' || tenantContext === undefined) return caller;
    return { ...caller, tenant: await tenantOf(tenantContext, caller.pluginId) };
  };

  function forgetWhatIsOutdated(): void {
    const latest = signer.generation();
    if (latest === generation) return;
    generation = latest;
    tokens.forget();
    tenants.forget();
  }

  function verify(token: string): Promise<Verified<Caller> | undefined> {
    return typeOf(token) === TOKEN_TYPE.plugin ? verifyPlugin(token) : verifyUser(token);
  }

  async function verifyPlugin(token: string): Promise<Verified<Caller> | undefined> {
    const plugin = await verifyPluginToken(signer, table, token);
    if (plugin === undefined) return undefined;
    const { pluginId, expiresAt } = plugin;
    return { value: { kind: 'plugin', pluginId, tenant: undefined }, expiresAt };
  }

  async function verifyUser(token: string): Promise<Verified<Caller> | undefined> {
    const user = await provider.verify(token);
    const expiresAt = Math.min(user?.expiresAt ?? 0, now() + REVERIFY_AFTER);
    return user && { value: { kind: 'user', tenant: user.identity }, expiresAt };
  }

  async function tenantOf(tenantContext: string, pluginId: string): Promise<TenantIdentity> {
    const identity =
      tenantContext.length > MAX_TOKEN_LENGTH
        ? undefined
        : await tenants.of(`${pluginId} ${tenantContext}`, () => verifyContext(tenantContext, pluginId));
    if (identity !== undefined) return identity;
    throw new GatewayError(
      'tenant-context-invalid',
      `the X-Plexica-Context header is not valid for ${pluginId}: pass on the one of the request that it is ` +
        'serving, within a minute',
    );
  }

  async function verifyContext(
    tenantContext: string,
    pluginId: string,
  ): Promise<Verified<TenantIdentity> | undefined> {
    const verified = await contexts.verify(tenantContext, pluginId);
    return verified && { value: verified.identity, expiresAt: verified.expiresAt };
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
    return undefined;
  }
}

function invalidToken(): GatewayError {
  return new GatewayError('token-invalid', 'the token is not valid', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
}
