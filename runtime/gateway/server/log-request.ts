import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerLabel } from '../observability/request-notes.ts';
import { parseTraceparent } from '../rules/traceparent.ts';

/**
 * Writes one line for a request when it is over, whichever way that comes about. It has the route and not the path,
 * because paths hold people's data.
 */
export function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  reply.raw.once('close', () => {
    const words = reply.raw.writableFinished ? 'answered' : 'not answered to the end';
    request.log.info(requestLine(request, reply), words);
  });
}

/** Fields that are undefined are not written. */
function requestLine(request: FastifyRequest, reply: FastifyReply): object {
  const { raw } = reply;
  // Requests that Fastify itself refuses have none of the fields that we add.
  const observation = request.observation ?? undefined;
  const { route, caller, tenant, client } = observation?.notes ?? { caller: request.caller ?? undefined };
  const retries = observation?.retries;
  return {
    traceId: observation?.trace.traceId ?? ownTraceId(request),
    method: request.method,
    route: route?.endpoint ?? request.routeOptions.url,
    plugin: route?.pluginId,
    instance: request.upstreamCall?.instance?.id,
    caller: callerLabel(caller),
    tenant: tenant?.tenantId,
    client: client?.address,
    status: raw.headersSent ? raw.statusCode : undefined,
    code: observation?.refusal?.code,
    reason: reasonOf(observation?.refusal),
    ms: Math.round(reply.elapsedTime),
    bytes: bytesOf(request, reply),
    retries: retries === 0 ? undefined : retries,
  };
}

/** Why the gateway could not do what was asked: not what a client did wrong, which the client is told. */
function reasonOf(refusal: { readonly status: number; readonly message: string } | undefined) {
  return refusal !== undefined && refusal.status >= 500 ? refusal.message : undefined;
}

/** Of an endpoint of the gateway's own. */
function ownTraceId({ headers }: FastifyRequest): string | undefined {
  return typeof headers.traceparent === 'string' ? parseTraceparent(headers.traceparent)?.traceId : undefined;
}

/** The length of the body that was sent, where it was said beforehand. */
function bytesOf({ method }: FastifyRequest, reply: FastifyReply): number | undefined {
  const length = reply.getHeader('content-length');
  const wasSent = method !== 'HEAD' && reply.raw.statusCode !== 304 && reply.raw.writableFinished;
  return length === undefined || !wasSent ? undefined : Number(length);
}
