import { GatewayError } from '../errors.ts';
import type { PreparedRoute } from '../table/prepared-table.ts';
import type { Caller, TenantIdentity } from './caller.ts';

/**
 * Whose data a request to this route is about; undefined for an anonymous one on a route with `auth: false`.
 *
 * @throws GatewayError `token-missing`, `tenant-context-missing`
 */
export function identifyTenant(route: PreparedRoute, caller: Caller): TenantIdentity | undefined {
  if (caller.kind === 'anonymous') {
    if (!route.route.auth) return undefined;
    throw tokenMissing(route);
  }
  if (caller.tenant === undefined && route.route.auth) {
    throw new GatewayError(
      'tenant-context-missing',
      `${caller.kind === 'plugin' ? caller.pluginId : 'the caller'} names no tenant: pass on the X-Plexica-Context ` +
        'header of the request that it is serving, as generated clients do; work outside of a request names its tenant ' +
        'with X-Plexica-Act-As-Tenant',
    );
  }
  return caller.tenant;
}

export function tokenMissing({ endpoint }: Pick<PreparedRoute, 'endpoint'>): GatewayError {
  return new GatewayError(
    'token-missing',
    `${endpoint} needs a token: send "Authorization: Bearer <token>"`,
    { headers: { 'www-authenticate': 'Bearer' } },
  );
}
