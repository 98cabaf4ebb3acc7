import { BASE_PATH } from '../base-path.ts';
import { GatewayError } from '../errors.ts';
import type { TenantIdentity } from './caller.ts';
import type { Client } from './client-address.ts';
import { asDashes, connectionTokens, HOP_BY_HOP, isSecondName } from './hop-by-hop.ts';
import { OF_PROXIES } from './proxy-headers.ts';
import { headerValues, type RequestHead } from './request-head.ts';
import type { Trace } from './traceparent.ts';

/** What the gateway says to a plugin about a request. All of it is proven or made by the gateway. */
export interface InjectedHeaders {
  readonly pluginId: string;
  /** Who made the request, as far as trusted proxies vouch for it. */
  readonly client: Client;
  readonly tenant: TenantIdentity | undefined;
  /** The plugin that calls; undefined for users. */
  readonly callerPluginId: string | undefined;
  /** The signed tenant context for the callee. */
  readonly tenantContext: string | undefined;
  readonly trace: Trace;
}

/** What plugins would believe of a client, or what is meant for the gateway alone. */
const NOT_FROM_CLIENTS: ReadonlySet<string> = new Set([
  // Identity: injected from the verified token.
  'x-tenant-id',
  'x-user-id',
  'x-workspace-id',
  'x-caller-plugin-id',
  // Credentials for the gateway. Plugins are not the origin that a browser keeps cookies for.
  'authorization',
  'cookie',
  'cookie2',
  // Who the client is and how it calls us: said by the gateway, from the connection and from trusted proxies.
  ...OF_PROXIES,
  // What turns one method or path into another behind the checks.
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-original-uri',
  'x-rewrite-url',
  // Programs behind CGI take it for the proxy that they shall use: HTTP_PROXY.
  'proxy',
  // Set anew.
  'x-request-id',
  'traceparent',
]);

const NOT_FROM_CLIENTS_PREFIX = /^x-(?:plexica|forwarded)(?:-|$)/;

/** Whether a header of a client may reach a plugin at all. The name is in lower case. */
export function comesFromClients(name: string): boolean {
  const plain = asDashes(name);
  if (HOP_BY_HOP.has(plain) || NOT_FROM_CLIENTS.has(plain) || NOT_FROM_CLIENTS_PREFIX.test(plain))
    return false;
  return !isSecondName(name, plain);
}

/**
 * The headers with which a request goes to a plugin: names and values in turn. What the client's `Connection` names
 * is dropped before anything is injected, so that it cannot name an injected one.
 *
 * @throws GatewayError `bad-header` for a second `Host`
 */
export function requestHeaders(head: RequestHead, injected: InjectedHeaders): string[] {
  const { rawHeaders } = head;
  const named = connectionTokens(headerValues(rawHeaders, 'connection'));
  const headers: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    const value = rawHeaders[at + 1] ?? '';
    if (!comesFromClients(name)) continue;
    if (named.has(name) || (name === 'tracestate' && !injected.trace.continued)) continue;
    headers.push(name, value);
  }
  inject(headers, head, injected);
  headers.push('traceparent', injected.trace.traceparent);
  return headers;
}

function inject(headers: string[], head: RequestHead, injected: InjectedHeaders): void {
  const { tenant, callerPluginId, tenantContext, pluginId, client } = injected;
  if (tenant !== undefined) {
    headers.push('x-tenant-id', tenant.tenantId);
    if (tenant.userId !== undefined) headers.push('x-user-id', tenant.userId);
    if (tenant.workspaceId !== undefined) headers.push('x-workspace-id', tenant.workspaceId);
  }
  if (callerPluginId !== undefined) headers.push('x-caller-plugin-id', callerPluginId);
  if (tenantContext !== undefined) headers.push('x-plexica-context', tenantContext);
  headers.push('x-request-id', head.requestId);
  if (client.forwardedFor !== undefined) headers.push('x-forwarded-for', client.forwardedFor);
  headers.push('x-forwarded-proto', client.protocol, 'x-forwarded-prefix', `${BASE_PATH}/${pluginId}`);
  const hosts = headerValues(head.rawHeaders, 'host');
  if (hosts.length > 1) throw new GatewayError('bad-header', 'the request has more than one Host header');
  if (hosts[0] !== undefined && hosts[0] !== '') headers.push('x-forwarded-host', hosts[0]);
}
