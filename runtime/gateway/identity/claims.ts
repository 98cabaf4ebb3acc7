import type { ClaimNamesConfig } from '../config/gateway-config.ts';
import type { TenantIdentity } from '../rules/caller.ts';

/** What a header value may be: printable ASCII without white space at its ends. */
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?$/;

/**
 * The identity that claims name; undefined where the tenant is missing, or a claim is not fit to be a header. It
 * reads own properties alone, so that a claim name like `constructor` finds nothing.
 */
export function identityOf(claims: object, names: ClaimNamesConfig): TenantIdentity | undefined {
  const tenantId = claimOf(claims, names.tenant);
  const userId = claimOf(claims, names.user);
  const workspaceId = claimOf(claims, names.workspace);
  const permissions = permissionsOf(claimOf(claims, names.permissions));
  if (!isHeaderValue(tenantId) || permissions === undefined) return undefined;
  if (userId !== undefined && !isHeaderValue(userId)) return undefined;
  if (workspaceId !== undefined && !isHeaderValue(workspaceId)) return undefined;
  return {
    tenantId,
    ...(userId === undefined ? {} : { userId }),
    ...(workspaceId === undefined ? {} : { workspaceId }),
    permissions,
  };
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

/** A name is a key as it is (`https://example.com/tenant`), or a path of keys (`app.tenant`). Null counts as absent. */
function claimOf(claims: object, name: string): unknown {
  if (Object.hasOwn(claims, name)) return own(claims, name) ?? undefined;
  let value: unknown = claims;
  for (const key of name.split('.')) value = own(value, key);
  return value ?? undefined;
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
