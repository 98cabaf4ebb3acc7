import type { EventBus } from '../event-bus.ts';
import type { Served } from './served.ts';

/** What of a Fastify server is needed. */
export interface RequestServer {
  addHook(
    name: 'preHandler',
    hook: (request: ServedRequest, reply: unknown, done: () => void) => void,
  ): unknown;
}

export interface ServedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * From now on, what a route's handler publishes belongs to the tenant and user of its request, as the gateway says who
 * they are. Requests without a tenant, which did not come through the gateway or need nobody signed in, have none.
 *
 * @param app a Fastify server, before its routes
 */
export function serveRequests(app: RequestServer, bus: Pick<EventBus, 'serve'>): void {
  // After the body was read: it is read outside of whatever a hook before it began.
  app.addHook('preHandler', (request, _reply, done) => {
    const served = servedRequest(request);
    if (served === undefined) done();
    else bus.serve(served, done);
  });
}

/** Whose request this is; undefined where it names no tenant. */
export function servedRequest({ headers }: ServedRequest): Served | undefined {
  const tenantId = headers['x-tenant-id'];
  if (typeof tenantId !== 'string' || tenantId === '') return undefined;
  const fields = Object.entries(HEADERS).flatMap(([field, name]) => {
    const value = headers[name];
    return typeof value === 'string' && value !== '' ? [[field, value] as const] : [];
  });
  return { tenantId, ...Object.fromEntries(fields) };
}

const HEADERS = {
  userId: 'x-user-id',
  workspaceId: 'x-workspace-id',
  correlationId: 'x-request-id',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  tenantContext: 'x-plexica-context',
} as const satisfies { readonly [Field in keyof Served]?: string };
