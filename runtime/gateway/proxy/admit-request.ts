import { randomBytes } from 'node:crypto';
import type { Deployment, GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import { unavailable } from '../rules/availability.ts';
import { checkBody, hasBody } from '../rules/body.ts';
import type { Caller, TenantIdentity } from '../rules/caller.ts';
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
  /** What was served when the request came; it holds to the request's end. */
  readonly deployment: Deployment;
  readonly route: PreparedRoute;
  readonly caller: Caller;
  readonly tenant: TenantIdentity | undefined;
  /** Path and query, below the base URL of an instance. */
  readonly target: string;
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
 * call it. Which instance gets the request is settled when it is sent.
 *
 * @throws GatewayError for a request that is refused; each step names its codes
 */
export async function admitRequest(context: GatewayContext, head: RequestHead): Promise<Admission> {
  const deployment = context.deployment();
  const { config, table } = deployment;
  const { path, query } = canonicalTarget(head.target);
  const { route, pluginPath } = matchRoute(table, head.method, path);
  const { pluginId } = route;
  refuseUpgrade(head);

  const caller = await authenticate(deployment, head);
  const tenant = identifyTenant(route, caller);
  if (caller.kind === 'plugin') checkEdge(table, route, caller.pluginId);
  else checkPermission(route, tenant);

  const upstream = config.upstreams.get(pluginId);
  const maxBody = upstream?.maxBody ?? config.maxBody;
  checkBody(head, maxBody);
  mustBeAvailable(context, deployment, pluginId);

  const headers = requestHeaders(head, {
    pluginId,
    tenant,
    callerPluginId: caller.kind === 'plugin' ? caller.pluginId : undefined,
    tenantContext: tenant && (await context.contexts.issue(tenant, pluginId)),
    traceparent: () => newTraceparent(randomBytes(24).toString('hex')),
  });
  return {
    deployment,
    route,
    caller,
    tenant,
    target: `${pluginPath}${query}`,
    headers,
    hasBody: hasBody(head),
    maxBody,
    timeout: route.route.timeoutMs ?? upstream?.timeout ?? config.timeout,
  };
}

function authenticate(deployment: Deployment, head: RequestHead): Promise<Caller> {
  const authorizations = headerValues(head.rawHeaders, 'authorization');
  if (authorizations.length > 1) {
    throw new GatewayError('bad-header', 'the request has more than one Authorization header');
  }
  return deployment.authenticate(authorizations[0], contextOf(head));
}

/** More than one context is none that anybody signed. */
function contextOf(head: RequestHead): string | undefined {
  const values = headerValues(head.rawHeaders, 'x-plexica-context');
  return values.length > 1 ? '' : values[0];
}

function mustBeAvailable({ instances }: GatewayContext, { config }: Deployment, pluginId: string): void {
  if (instances.choose(pluginId) !== undefined) return;
  throw unavailable(pluginId, instances.healthOf(pluginId).reasons, config.health.interval);
}

function refuseUpgrade(head: RequestHead): void {
  if (headerValues(head.rawHeaders, 'upgrade').some((value) => /websocket/i.test(value))) {
    throw new GatewayError('upgrade-not-supported', 'the gateway does not carry WebSocket connections');
  }
}
