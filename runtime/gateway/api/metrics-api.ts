import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import type { Operations } from '../operations/operations.ts';
import { requestHeadOf } from '../proxy/request-head-of.ts';
import { requireCaller } from '../require-caller.ts';
import { isLoopbackClient } from '../rules/loopback-client.ts';

const PERMISSION = 'gateway:metrics';

/** `GET /metrics`: for processes of this machine, and for users who may; what many a deployment does is nobody else's. */
export function metricsApi(
  api: FastifyInstance,
  context: GatewayContext,
  { metrics }: Pick<Operations, 'metrics'>,
): void {
  const onRequest = requireReader(context);

  api.get('/metrics', { onRequest }, async (_request, reply) => {
    const { contentType, text } = await metrics();
    return reply.header('content-type', contentType).header('cache-control', 'no-store').send(text);
  });
}

/** It throws 401 `token-missing` and `token-invalid`, 403 `permission-missing`. */
function requireReader(context: GatewayContext) {
  const callerRequired = requireCaller(context);
  return async function readerRequired(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (isLoopbackClient(requestHeadOf(request))) return;
    await callerRequired(request, reply);
    const { caller } = request;
    if (caller?.kind === 'user' && caller.tenant.permissions.includes(PERMISSION)) return;
    throw new GatewayError(
      'permission-missing',
      `this endpoint is for users with the permission ${PERMISSION}`,
    );
  };
}
