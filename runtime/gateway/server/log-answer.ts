import type { FastifyReply, FastifyRequest } from 'fastify';

/** One line for every request that was answered: which route, not which path, because paths hold people's data. */
export async function logAnswer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const admission = request.upstreamCall?.admission;
  const caller = admission?.caller.kind === 'plugin' ? admission.caller.pluginId : undefined;
  request.log.info(
    {
      method: request.method,
      route: admission?.route.endpoint ?? request.routeOptions.url,
      plugin: admission?.route.pluginId,
      instance: admission?.instance.id,
      caller,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    },
    'answered',
  );
}
