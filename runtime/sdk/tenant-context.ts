import type { IncomingHttpHeaders } from 'node:http';

/** Whose request this is, as the gateway says: it drops these headers when a client sends them. */
export interface TenantContext {
  readonly tenantId: string;
  readonly userId?: string;
  readonly workspaceId?: string;
  /** The plugin that makes the request; absent for a user's. */
  readonly callerPluginId?: string;
  readonly requestId?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** The signed form of all this (`X-Plexica-Context`), passed on to other plugins. Secret: never log it. */
  readonly context?: string;
}

/** Anything that carries the headers of an incoming request: Fastify's, or that of `node:http`. */
export interface IncomingRequest {
  readonly headers: IncomingHttpHeaders;
}

/** The request did not come through the gateway. Fastify answers it with status 400. */
export class MissingTenantError extends Error {
  override readonly name = 'MissingTenantError';
  readonly statusCode = 400;
  readonly code = 'missing-tenant';

  constructor() {
    super('Missing X-Tenant-ID header');
  }
}

/**
 * Reads the tenant context of an incoming request.
 *
 * @throws MissingTenantError where the request names no tenant
 */
export function tenantContext(request: IncomingRequest): TenantContext {
  const { headers } = request;
  const tenantId = single(headers, 'x-tenant-id');
  if (tenantId === undefined) throw new MissingTenantError();
  return {
    tenantId,
    ...present('userId', single(headers, 'x-user-id')),
    ...present('workspaceId', single(headers, 'x-workspace-id')),
    ...present('callerPluginId', single(headers, 'x-caller-plugin-id')),
    ...present('requestId', single(headers, 'x-request-id')),
    ...present('traceparent', single(headers, 'traceparent')),
    ...present('tracestate', single(headers, 'tracestate')),
    ...present('context', single(headers, 'x-plexica-context')),
  };
}

/** The gateway injects each of these once; a value that is repeated or empty did not come from it. */
function single(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function present<Name extends string>(name: Name, value: string | undefined): { [N in Name]?: string } {
  // A computed key widens to `string`; it is `name`.
  return value === undefined ? {} : ({ [name]: value } as { [N in Name]?: string });
}
