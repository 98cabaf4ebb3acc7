import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { describeError } from './create-log.ts';

/**
 * What Fastify logs about requests: one line for each that is over, with its route and not its path, because paths
 * hold people's data.
 */
export class GatewayLogController extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'requestId' });
  }

  override incomingRequest(): void {
    // One line a request is enough.
  }

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const admission = request.upstreamCall?.admission;
    const line = {
      method: request.method,
      route: admission?.route.endpoint ?? request.routeOptions.url,
      plugin: admission?.route.pluginId,
      instance: request.upstreamCall?.instance?.id,
      caller: admission?.caller.kind === 'plugin' ? admission.caller.pluginId : undefined,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    if (reply.raw.writableFinished) request.log.info(line, 'answered');
    else
      request.log.info(
        { ...line, error: error ? describeError(error) : undefined },
        'not answered to the end',
      );
  }

  /** The answer began, and its source failed: the client sees it cut short. */
  override streamError(error: Error, request: FastifyRequest): void {
    request.log.warn({ error: describeError(error) }, 'an answer broke off');
  }
}
