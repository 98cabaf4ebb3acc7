import { normalizeIP } from '@fastify/rate-limit';
import type { GatewayConfig, RateLimit } from '../config/gateway-config.ts';
import type { Caller, TenantIdentity } from '../rules/caller.ts';
import type { PreparedRoute } from '../table/prepared-table.ts';

/** One rate limit that holds for a request. */
export interface ApplicableLimit extends RateLimit {
  readonly kind: 'endpoint' | 'caller' | 'tenant';
  /** What is counted; two things never have the same. */
  readonly key: string;
  /** Whose requests to what are counted, to read. */
  readonly counts: string;
}

/** A request, as far as rate limits see it. */
export interface LimitedRequest {
  readonly route: PreparedRoute;
  readonly caller: Caller;
  readonly tenant: TenantIdentity | undefined;
  /** Verified (`client-address.ts`); undefined where the connection has none. */
  readonly clientAddress: string | undefined;
}

/**
 * The limits of a request, the narrowest first: a request that one of them refuses does not count against the wider
 * ones, so that one caller cannot use up what its tenant has.
 */
export function applicableLimits(
  request: LimitedRequest,
  { tenant: perTenant, caller: perCaller }: GatewayConfig['rateLimits'],
): readonly ApplicableLimit[] {
  const { route, tenant } = request;
  const perEndpoint = route.route.rateLimit;
  if (perEndpoint === undefined && perTenant === undefined && perCaller === undefined) return NONE;
  const caller = callerKey(request);
  const tenantId = tenant?.tenantId ?? null;
  const limits: ApplicableLimit[] = [];
  if (perEndpoint !== undefined) {
    const key = keyOf('endpoint', route.pluginId, route.endpoint, tenantId, ...caller);
    const counts = `requests of one caller to ${route.endpoint} of ${route.pluginId}`;
    limits.push({ ...perEndpoint, kind: 'endpoint', key, counts });
  }
  if (perCaller !== undefined) {
    limits.push({
      ...perCaller,
      kind: 'caller',
      key: keyOf('caller', ...caller),
      counts: 'requests of one caller',
    });
  }
  if (perTenant !== undefined && tenantId !== null) {
    limits.push({
      ...perTenant,
      kind: 'tenant',
      key: keyOf('tenant', tenantId),
      counts: 'requests of one tenant',
    });
  }
  return limits;
}

const NONE: readonly ApplicableLimit[] = [];

type KeyPart = string | null;

/** A user of a tenant, a plugin, or an address; IPv6 addresses by their /64, which is what one client has. */
function callerKey({ caller, clientAddress }: LimitedRequest): readonly KeyPart[] {
  switch (caller.kind) {
    case 'user':
      return ['user', caller.tenant.tenantId, caller.tenant.userId ?? null];
    case 'plugin':
      return ['plugin', caller.pluginId];
    case 'anonymous':
      return ['address', clientAddress === undefined ? null : normalizeIP(clientAddress)];
  }
}

/** JSON keeps the parts apart, whatever is in them. */
function keyOf(...parts: readonly KeyPart[]): string {
  return JSON.stringify(parts);
}
