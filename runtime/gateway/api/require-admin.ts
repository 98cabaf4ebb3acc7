import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import { requestHeadOf } from '../proxy/request-head-of.ts';
import { requireCaller } from '../require-caller.ts';
import { isLoopbackClient } from '../rules/loopback-client.ts';

const PERMISSION = 'gateway:admin';

/**
 * An onRequest hook for the gateway's administration: a process of this machine, with the token of a user who may. It
 * throws 401 `token-missing` and `token-invalid`, 403 `admin-only`.
 */
export function requireAdmin(context: GatewayContext) {
  const callerRequired = requireCaller(context);
  return async function adminRequired(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!isLoopbackClient(requestHeadOf(request))) {
      throw new GatewayError('admin-only', 'this endpoint is for the machine on which the gateway runs');
    }
    await callerRequired(request, reply);
    const { caller } = request;
    if (caller?.kind === 'user' && caller.tenant.permissions.includes(PERMISSION)) return;
    throw new GatewayError('admin-only', `this endpoint is for users with the permission ${PERMISSION}`);
  };
}
