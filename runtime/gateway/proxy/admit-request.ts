import { randomBytes } from 'node:crypto';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import type { Instance } from '../instances/instance.ts';
import { unavailable } from '../rules/availability.ts';
import { checkBody, hasBody } from '../rules/body.ts';
import type { Caller } from '../rules/caller.ts';
import { canonicalTarget } from '../rules/canonical-path.ts';
import { checkEdge } from '../rules/edge.ts';
import { identifyTenant } from '../rules/identity.ts';
import { matchRoute } from '../rules/match.ts';
import { checkPermission } from '../rules/permission.ts';
import { headerValues, type RequestHead } from '../rules/request-head.ts';
import { requestHeaders } from '../rules/request-headers.ts';
import { newTraceparent } from '../rules/request-id.ts';
import type { PreparedRoute } from '../table/prepared-table.ts';

/** A request that may go to a plugin, and how. */
export interface Admission {
  readonly route: PreparedRoute;
  readonly caller: Caller;
  readonly instance: Instance;
  /** With the base URL's own path before it and the query behind it. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly hasBody: boolean;
  /** The largest body, in bytes. */
  readonly maxBody: number;
  /** How long the plugin may take, in milliseconds. */
  readonly timeout: number;
}

/**
 * The way of every request to a plugin, from its head alone. It knows no framework: whatever carries requests can
 * call it.
 *
 * @throws GatewayError for a request that is refused; each step names its codes
 */
export async function admitRequest(context: GatewayContext, head: RequestHead): Promise<Admission> {
  const { config, table, instances } = context;
  const { path, query } = canonicalTarget(head.target);
  const { route, pluginPath } = matchRoute(table, head.method, path);
  const { pluginId } = route;
  refuseUpgrade(head);

  const caller = await authenticate(context, head);
  const tenant = identifyTenant(route, caller);
  if (caller.kind === 'plugin') checkEdge(table, route, caller.pluginId);
  else checkPermission(route, tenant);

  const upstream = config.upstreams.get(pluginId);
  const maxBody = upstream?.maxBody ?? config.maxBody;
  checkBody(head, maxBody);

  const instance = instances.choose(pluginId);
  if (instance === undefined) {
    throw unavailable(pluginId, instances.healthOf(pluginId).reasons, config.health.interval);
  }
  const headers = requestHeaders(head, {
    pluginId,
    tenant,
    callerPluginId: caller.kind === 'plugin' ? caller.pluginId : undefined,
    tenantContext: tenant && (await context.contexts.issue(tenant, pluginId)),
    traceparent: () => newTraceparent(randomBytes(24).toString('hex')),
  });
  return {
    route,
    caller,
    instance,
    path: `${instance.basePath}${pluginPath}${query}`,
    headers,
    hasBody: hasBody(head),
    maxBody,
    timeout: route.route.timeoutMs ?? upstream?.timeout ?? config.timeout,
  };
}

function authenticate(context: GatewayContext, head: RequestHead): Promise<Caller> {
  const authorizations = headerValues(head.rawHeaders, 'authorization');
  if (authorizations.length > 1) {
    throw new GatewayError('bad-header', 'the request has more than one Authorization header');
  }
  return context.authenticate(authorizations[0], contextOf(head));
}

/** More than one context is none that anybody signed. */
function contextOf(head: RequestHead): string | undefined {
  const values = headerValues(head.rawHeaders, 'x-plexica-context');
  return values.length > 1 ? '' : values[0];
}

function refuseUpgrade(head: RequestHead): void {
  if (headerValues(head.rawHeaders, 'upgrade').some((value) => /websocket/i.test(value))) {
    throw new GatewayError('upgrade-not-supported', 'the gateway does not carry WebSocket connections');
  }
}
