import type { ClaimNamesConfig } from '../config/gateway-config.ts';
import type { TenantIdentity } from '../rules/caller.ts';

/** What a header value may be: printable ASCII without white space at its ends. */
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?$/;

/** Whom claims name, or which of them keeps that from being known. */
export type IdentityReading =
  | { readonly identity: TenantIdentity }
  | { readonly identity: undefined; readonly unfit: keyof ClaimNamesConfig };

/** The identity that claims name; undefined where the tenant is missing, or a claim is not fit to be a header. */
export function identityOf(claims: object, names: ClaimNamesConfig): TenantIdentity | undefined {
  return readIdentity(claims, names).identity;
}

/** Reads own properties alone, so that a claim name like `constructor` finds nothing. */
export function readIdentity(claims: object, names: ClaimNamesConfig): IdentityReading {
  const tenantId = claimOf(claims, names.tenant);
  const userId = claimOf(claims, names.user);
  const workspaceId = claimOf(claims, names.workspace);
  const permissions = permissionsOf(claimOf(claims, names.permissions));
  if (!isHeaderValue(tenantId)) return unfit('tenant');
  if (userId !== undefined && !isHeaderValue(userId)) return unfit('user');
  if (workspaceId !== undefined && !isHeaderValue(workspaceId)) return unfit('workspace');
  if (permissions === undefined) return unfit('permissions');
  const identity = {
    tenantId,
    ...(userId === undefined ? {} : { userId }),
    ...(workspaceId === undefined ? {} : { workspaceId }),
    permissions,
  };
  return { identity };
}

/** The claims that `identityOf` reads as this identity. */
export function claimsOf(identity: TenantIdentity, names: ClaimNamesConfig): Record<string, unknown> {
  const claims: Record<string, unknown> = {};
  put(claims, names.tenant, identity.tenantId);
  if (identity.userId !== undefined) put(claims, names.user, identity.userId);
  if (identity.workspaceId !== undefined) put(claims, names.workspace, identity.workspaceId);
  put(claims, names.permissions, identity.permissions);
  return claims;
}

export function isHeaderValue(value: unknown): value is string {
  return typeof value === 'string' && HEADER_VALUE.test(value);
}

function unfit(claim: keyof ClaimNamesConfig): IdentityReading {
  return { identity: undefined, unfit: claim };
}

/**
 * A name is a key as it is (`https://example.com/tenant`), or a path of keys, which may hold dots themselves:
 * `https://example.com/app.tenant` is `tenant` in what `https://example.com/app` holds. Null counts as absent.
 */
function claimOf(claims: object, name: string): unknown {
  if (Object.hasOwn(claims, name)) return own(claims, name) ?? undefined;
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const inner = own(claims, name.slice(0, dot));
    if (typeof inner === 'object' && inner !== null) return claimOf(inner, name.slice(dot + 1));
  }
  return undefined;
}

function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  // An own property of an object can be read by its name.
  return (value as Record<string, unknown>)[key];
}

/** A list, or one string with spaces between, as OAuth writes scopes. */
function permissionsOf(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  if (typeof value === 'string') return value.split(' ').filter((permission) => permission !== '');
  return Array.isArray(value) && value.every((permission) => typeof permission === 'string')
    ? value
    : undefined;
}

function put(claims: Record<string, unknown>, name: string, value: unknown): void {
  const keys = name.includes('/') ? [name] : name.split('.');
  let object = claims;
  for (const key of keys.slice(0, -1)) {
    const inner = own(object, key) ?? {};
    define(object, key, inner);
    object = inner as Record<string, unknown>;
  }
  define(object, keys.at(-1) ?? name, value);
}

/** Also for a key like `__proto__`, which an assignment would take for something else. */
function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
