import type { GatewayConfig } from '../config/gateway-config.ts';
import { GatewayError } from '../errors.ts';
import { isHeaderValue } from '../identity/claims.ts';
import type { Caller } from './caller.ts';
import { headerValues, type RequestHead } from './request-head.ts';

/** With which a plugin names the tenant of work that belongs to no request: a nightly report, a migration. */
const ACT_AS = 'x-plexica-act-as-tenant';

/** Whether somebody names a tenant. Of a user it is dropped, as every header is that says who somebody is. */
export function namesTenant(head: RequestHead): boolean {
  return headerValues(head.rawHeaders, ACT_AS).length > 0;
}

/**
 * The caller as it wants to act: a plugin for the tenant that it names, where plexica.yaml grants it that tenant.
 *
 * @throws GatewayError `bad-header` for a name that is none, and beside a context; `tenant-not-granted`
 */
export function actAsTenant(
  { upstreams }: Pick<GatewayConfig, 'upstreams'>,
  caller: Caller,
  head: RequestHead,
): Caller {
  if (caller.kind !== 'plugin' || !namesTenant(head)) return caller;
  if (headerValues(head.rawHeaders, 'x-plexica-context').length > 0) {
    throw new GatewayError(
      'bad-header',
      'the request has both X-Plexica-Context and X-Plexica-Act-As-Tenant: it is part of a request, or it is not',
    );
  }
  const tenantId = tenantOf(head);
  const granted = upstreams.get(caller.pluginId)?.actAsTenants ?? [];
  if (!granted.includes(tenantId) && !granted.includes('*')) {
    throw new GatewayError(
      'tenant-not-granted',
      `${caller.pluginId} may not act for the tenant "${tenantId}" outside of a request of that tenant: grant it in ` +
        `plexica.yaml, in upstreams.${caller.pluginId}.actAsTenants: [${JSON.stringify(tenantId)}]`,
    );
  }
  return { ...caller, tenant: { tenantId, permissions: [] } };
}

/** One name. A comma is what proxies put between two headers, and `*` is no tenant. */
function tenantOf(head: RequestHead): string {
  const [tenantId, ...more] = headerValues(head.rawHeaders, ACT_AS);
  if (more.length > 0 || !isHeaderValue(tenantId) || tenantId.includes(',') || tenantId === '*') {
    throw new GatewayError(
      'bad-header',
      'X-Plexica-Act-As-Tenant must stand once, and name one tenant: printable ASCII without a comma, ' +
        'at most 256 characters',
    );
  }
  return tenantId;
}
