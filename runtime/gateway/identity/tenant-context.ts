import type { JWTPayload } from 'jose';
import type { TenantIdentity } from '../rules/caller.ts';
import { identityOf } from './claims.ts';
import { TOKEN_TYPE, type TokenSigner } from './signed-token.ts';

/** How long a context that was just given out is good for at least, in milliseconds. */
export const LEAST_LIFETIME = 40_000;
/** How long one is given out again before a fresh one is signed; it is good for so much longer. */
const REUSE = 20_000;
/** Longer ones are not looked at. */
const LONGEST = 8192;

const NAMES = { tenant: 'tenant', user: 'user', workspace: 'workspace', permissions: 'permissions' } as const;

/** The signed note about whose request a plugin is serving. It is good for that plugin alone. */
export interface TenantContexts {
  /**
   * For a request on its way to a plugin.
   *
   * @param needed how long the plugin may work on it, in milliseconds; `LEAST_LIFETIME` unless that is longer
   */
  issue(identity: TenantIdentity, calleeId: string, needed?: number): Promise<string>;
  /** What a plugin passes on; undefined for one that was given to another plugin, is not ours, changed or expired. */
  verify(context: string, pluginId: string): Promise<VerifiedContext | undefined>;
  /**
   * Whoever it was given to; undefined for one that is not ours, changed, or expired longer ago than `overdue`
   * milliseconds.
   */
  read(context: string, overdue: number): Promise<AddressedContext | undefined>;
}

export interface AddressedContext {
  readonly identity: TenantIdentity;
  /** The plugin that it was given to, or `platform`. */
  readonly calleeId: string;
}

export interface VerifiedContext {
  readonly identity: TenantIdentity;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** @param now milliseconds since 1970 */
export function createTenantContexts(signer: TokenSigner, now: () => number): TenantContexts {
  /**
   * By callee and lifetime. A verified token has one identity object as long as it is cached, and its contexts go when it
   * goes.
   */
  const issued = new WeakMap<
    TenantIdentity,
    Map<string, { readonly context: Promise<string>; readonly until: number }>
  >();
  return {
    issue(identity, calleeId, needed = 0) {
      const lifetime = Math.max(needed, LEAST_LIFETIME) + REUSE;
      const key = `${calleeId} ${lifetime}`;
      const byCallee = issued.get(identity) ?? new Map();
      issued.set(identity, byCallee);
      const known = byCallee.get(key);
      if (known !== undefined && known.until > now()) return known.context;
      const context = signer
        .sign(TOKEN_TYPE.context, claimsOf(identity, calleeId), lifetime)
        .then(({ token }) => token);
      byCallee.set(key, { context, until: now() + REUSE });
      return context;
    },
    async verify(context, pluginId) {
      const verified = await signer.verify(TOKEN_TYPE.context, context, pluginId);
      const identity = verified && identityOf(verified.claims, NAMES);
      return identity && { identity, expiresAt: verified.expiresAt };
    },
    async read(context, overdue) {
      if (context.length > LONGEST) return undefined;
      const verified = await signer.verify(TOKEN_TYPE.context, context, undefined, overdue);
      const identity = verified && identityOf(verified.claims, NAMES);
      const calleeId = verified?.claims.aud;
      return identity && typeof calleeId === 'string' ? { identity, calleeId } : undefined;
    },
  };
}

function claimsOf(identity: TenantIdentity, aud: string): JWTPayload {
  return {
    aud,
    tenant: identity.tenantId,
    ...(identity.userId === undefined ? {} : { user: identity.userId }),
    ...(identity.workspaceId === undefined ? {} : { workspace: identity.workspaceId }),
    permissions: permissionsIn(identity.permissions),
  };
}

/**
 * One text where that says the same: a list is longer than the text in which a token may have named them, and what the
 * gateway signs for a user whose token it took must not be too long for it.
 */
function permissionsIn(permissions: readonly string[]): string | readonly string[] {
  return permissions.some((one) => one === '' || one.includes(' ')) ? permissions : permissions.join(' ');
}
