import { buildRequest } from './build-request.ts';
import type { Endpoint, ServiceHealth } from './endpoint.ts';
import { pluginHealth } from './plugin-health.ts';
import type { TenantContext } from './tenant-context.ts';
import type { CallOptions, Transport } from './transport.ts';

/** The gateway on behalf of one tenant: that of an incoming request, mostly. What generated clients are made of. */
export interface BoundGatewayClient {
  readonly tenant: TenantContext;
  /**
   * Calls an endpoint and unwraps its answer. That the answer is what the contract says is taken on trust: the
   * callee's own schemas hold it to that.
   *
   * @throws ServiceCallError
   */
  call<Answer>(endpoint: Endpoint, input?: object, options?: CallOptions): Promise<Answer>;
  /** Whether a plugin can be called now. Rejects only when it is aborted. */
  health(pluginId: string, options?: CallOptions): Promise<ServiceHealth>;
}

/** Tell the gateway which tenant it is; made for each call where they may end. */
export type TenantHeaders =
  | Readonly<Record<string, string>>
  | ((options: CallOptions) => Promise<Readonly<Record<string, string>>>);

/**
 * @param defaults options of every call; a call's own win
 */
export function boundGatewayClient(
  sender: Transport,
  tenant: TenantContext,
  headers: TenantHeaders,
  defaults: CallOptions = {},
): BoundGatewayClient {
  const headersFor = async (options: CallOptions) =>
    typeof headers === 'function' ? await headers(options) : headers;
  return {
    tenant,
    call<Answer>(endpoint: Endpoint, input?: object, options?: CallOptions) {
      const send = async () => {
        const request = buildRequest(endpoint, input);
        const stated = { ...defaults, ...options };
        const sent = { ...request, headers: { ...request.headers, ...(await headersFor(stated)) } };
        return await sender.send(endpoint, sent, stated);
      };
      // The type that the generated client gives this endpoint, made from the same manifest as its descriptor.
      return send() as Promise<Answer>;
    },
    async health(pluginId, options) {
      const stated = { ...defaults, ...options };
      return await pluginHealth(sender, pluginId, await headersFor(stated), stated);
    },
  };
}

/** Passes on what the gateway put on the request that is being served. */
export function contextHeaders(tenant: TenantContext): Record<string, string> {
  return {
    ...(tenant.context !== undefined && { 'x-plexica-context': tenant.context }),
    ...(tenant.requestId !== undefined && { 'x-request-id': tenant.requestId }),
    ...(tenant.traceparent !== undefined && { traceparent: tenant.traceparent }),
    ...(tenant.tracestate !== undefined && { tracestate: tenant.tracestate }),
  };
}

/**
 * Names the tenant of work that belongs to no request. The gateway believes it of plugins that were granted that tenant.
 *
 * @throws TypeError for a name that cannot be one
 */
export function actingForHeaders(tenantId: string): Record<string, string> {
  if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?$/.test(tenantId) || tenantId.includes(',')) {
    throw new TypeError(
      `actingFor() takes the id of one tenant, printable ASCII without a comma, and got ${JSON.stringify(tenantId)}`,
    );
  }
  return { 'x-plexica-act-as-tenant': tenantId };
}
