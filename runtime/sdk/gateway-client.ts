import {
  actingForHeaders,
  type BoundGatewayClient,
  boundGatewayClient,
  contextHeaders,
} from './bound-gateway-client.ts';
import type { ServiceHealth } from './endpoint.ts';
import { readEnvironment } from './environment.ts';
import { createEventContexts, type HandledEvent } from './event-contexts.ts';
import { pluginHealth } from './plugin-health.ts';
import type { RetryOptions } from './retry.ts';
import { type IncomingRequest, tenantContext } from './tenant-context.ts';
import { systemTiming, type Timing } from './timing.ts';
import { type CallOptions, type Transport, transport } from './transport.ts';

export interface GatewayClientOptions {
  /** The plugin that calls. */
  readonly pluginId: string;
  /** The gateway's origin; `GATEWAY_URL` or http://127.0.0.1:4000 unless stated. */
  readonly gatewayUrl?: string | undefined;
  /** Proves that the plugin is who it says; `PLEXICA_PLUGIN_TOKEN` unless stated. A registration renews it. */
  readonly token?: string | undefined;
  /** How long a call may take in all, retries included, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: RetryOptions | false | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly timing?: Timing | undefined;
}

/** A plugin's way to the gateway; one per process. */
export interface GatewayClient extends Transport {
  readonly pluginId: string;
  /**
   * The same gateway on behalf of the request that is being served: its tenant and user go with every call.
   *
   * @throws MissingTenantError where the request did not come through the gateway
   */
  forRequest(request: IncomingRequest, options?: CallOptions): BoundGatewayClient;
  /**
   * The same gateway for work that belongs to no request: a nightly report, a migration. It has the tenant and no
   * user. plexica.yaml must grant the plugin that tenant, in `upstreams.<plugin>.actAsTenants`; else every call is
   * refused with code `tenant-not-granted`. Within a request use `forRequest`.
   *
   * @throws TypeError for a name that cannot be a tenant's
   */
  actingFor(tenantId: string, options?: CallOptions): BoundGatewayClient;
  /**
   * The same gateway for the handler of an event: on behalf of the tenant and user whose request led to it. The gateway
   * gives the handler a context of its own for the event's, when it first calls; one without is handled as by `actingFor`.
   */
  forEvent(event: HandledEvent, options?: CallOptions): BoundGatewayClient;
  /** Whether a plugin can be called now; it needs no tenant, only the plugin's token. Rejects only when it is aborted. */
  health(pluginId: string, options?: CallOptions): Promise<ServiceHealth>;
}

const DEFAULT_GATEWAY_URL = 'http://127.0.0.1:4000';

/** @throws TypeError where the gateway's URL is not an http(s) origin */
export function createGatewayClient(options: GatewayClientOptions): GatewayClient {
  const environment = readEnvironment();
  const sender = transport({
    gatewayUrl: gatewayOrigin(options.gatewayUrl ?? environment.gatewayUrl ?? DEFAULT_GATEWAY_URL),
    token: options.token ?? environment.token,
    timeoutMs: options.timeoutMs,
    retry: options.retry,
    // Looked up at each call, so that instrumentation which replaces the global is honoured.
    fetch: options.fetch ?? ((...call) => fetch(...call)),
    timing: options.timing ?? systemTiming,
  });
  const eventContexts = createEventContexts(sender);
  return {
    ...sender,
    pluginId: options.pluginId,
    forRequest(request, defaults) {
      const tenant = tenantContext(request);
      return boundGatewayClient(sender, tenant, contextHeaders(tenant), defaults);
    },
    actingFor: (tenantId, defaults) =>
      boundGatewayClient(sender, { tenantId }, actingForHeaders(tenantId), defaults),
    forEvent(event, defaults) {
      const { tenant, headers } = eventContexts(event);
      return boundGatewayClient(sender, tenant, headers, defaults);
    },
    health: (pluginId, options = {}) => pluginHealth(sender, pluginId, {}, options),
  };
}

/** Without a trailing slash. A path is kept: a gateway may live behind one. */
function gatewayOrigin(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw new TypeError(`the gateway's URL is ${JSON.stringify(text)}, not one like ${DEFAULT_GATEWAY_URL}`);
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}
