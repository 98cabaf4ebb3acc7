import type { Deployment, GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import { type Observed, unobserved } from '../observability/observe-request.ts';
import { actAsTenant, namesTenant } from '../rules/act-as-tenant.ts';
import { checkRequirements, unavailable } from '../rules/availability.ts';
import { checkBody, hasBody } from '../rules/body.ts';
import type { Caller, TenantIdentity } from '../rules/caller.ts';
import { canonicalTarget } from '../rules/canonical-path.ts';
import type { Client } from '../rules/client-address.ts';
import { checkContract } from '../rules/contract.ts';
import { checkEdge } from '../rules/edge.ts';
import { identifyTenant } from '../rules/identity.ts';
import { matchRoute } from '../rules/match.ts';
import { checkPermission } from '../rules/permission.ts';
import { headerValues, type RequestHead } from '../rules/request-head.ts';
import { requestHeaders } from '../rules/request-headers.ts';
import { checkUpgrade } from '../rules/upgrade.ts';
import type { PreparedRoute } from '../table/prepared-table.ts';
import { largestBody } from '../validation/check-body.ts';
import { checkHead } from '../validation/check-head.ts';

/** A request that may go to a plugin, and how. */
export interface Admission {
  /** What was served when the request came; it holds to the request's end. */
  readonly deployment: Deployment;
  readonly route: PreparedRoute;
  readonly caller: Caller;
  readonly tenant: TenantIdentity | undefined;
  readonly client: Client;
  /** Path and query, below the base URL of an instance. */
  readonly target: string;
  /** Names and values in turn. */
  readonly headers: string[];
  /** What the gateway says on the answer, by name in lower case. */
  readonly answerHeaders: Readonly<Record<string, string>>;
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
 * @param observed told what is known so far, so that something can be told of a refused request too
 * @throws GatewayError for a request that is refused; each step names its codes
 */
export async function admitRequest(
  context: GatewayContext,
  head: RequestHead,
  { notes, trace }: Observed = unobserved(head),
): Promise<Admission> {
  const deployment = context.deployment();
  const { config, table } = deployment;
  const { path, query } = canonicalTarget(head.target);
  const { route, pluginPath } = matchRoute(table, head.method, path);
  const { pluginId } = route;
  notes.route = route;
  checkUpgrade(route, head);

  const client = deployment.clientOf(head);
  notes.client = client;
  const caller = await authenticate(deployment, head);
  notes.caller = caller;
  const tenant = identifyTenant(route, caller);
  notes.tenant = tenant;
  if (caller.kind === 'plugin') {
    checkEdge(table, route, caller.pluginId);
    holdContract(context, deployment, route, caller.pluginId, head);
  } else checkPermission(route, tenant);

  const limited = { route, caller, tenant, clientAddress: client.address };
  const answerHeaders = (await context.rateLimits.check(limited, config.rateLimits)) ?? {};

  const upstream = config.upstreams.get(pluginId);
  const maxBody = largestBody(route, upstream?.maxBody ?? config.maxBody);
  checkBody(head, maxBody);
  checkHead(deployment.validation, head, { route, pluginPath, query });
  mustBeAvailable(context, deployment, pluginId);

  const timeout = route.route.timeoutMs ?? upstream?.timeout ?? config.timeout;
  const headers = requestHeaders(head, {
    pluginId,
    client,
    tenant,
    callerPluginId: caller.kind === 'plugin' ? caller.pluginId : undefined,
    tenantContext: tenant && (await context.contexts.issue(tenant, pluginId, timeout)),
    trace,
  });
  return {
    deployment,
    route,
    caller,
    tenant,
    client,
    target: `${pluginPath}${query}`,
    headers,
    answerHeaders,
    hasBody: hasBody(head),
    maxBody,
    timeout,
  };
}

async function authenticate(deployment: Deployment, head: RequestHead): Promise<Caller> {
  const authorizations = headerValues(head.rawHeaders, 'authorization');
  if (authorizations.length > 1) {
    throw new GatewayError('bad-header', 'the request has more than one Authorization header');
  }
  // A plugin works for the tenant of a context, or for one that it names: never for one out of both.
  const context = namesTenant(head) ? undefined : contextOf(head);
  return actAsTenant(deployment.config, await deployment.authenticate(authorizations[0], context), head);
}

/** More than one context is none that anybody signed. */
function contextOf(head: RequestHead): string | undefined {
  const values = headerValues(head.rawHeaders, 'x-plexica-context');
  return values.length > 1 ? '' : values[0];
}

/** A client that was made from another, compatible contract is counted, and told once. */
function holdContract(
  { metrics, log }: GatewayContext,
  { table, logContract }: Deployment,
  route: PreparedRoute,
  callerId: string,
  head: RequestHead,
): void {
  const difference = checkContract(table, route, callerId, head);
  if (difference === undefined) return;
  metrics.contractDiffers(callerId, difference.service);
  logContract(difference, log);
}

function mustBeAvailable({ instances }: GatewayContext, { config }: Deployment, pluginId: string): void {
  if (!instances.isAvailable(pluginId)) {
    throw unavailable(pluginId, instances.healthOf(pluginId).reasons, instances.retryAfter(pluginId));
  }
  const policy = config.upstreams.get(pluginId)?.dependencyPolicy ?? config.dependencyPolicy;
  checkRequirements(pluginId, policy, () => instances.outagesOf(pluginId), config.health.interval);
}
