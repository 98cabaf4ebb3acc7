import type { FastifyInstance } from 'fastify';
import type { GatewayContext } from '../context.ts';
import { errorEnvelope, GatewayError } from '../errors.ts';
import { answer } from './answer.ts';

/** `GET /health`: this process lives. `GET /ready`: traffic may come. Both say nothing that needs a token. */
export function healthApi(
  api: FastifyInstance,
  { instances, deployment }: GatewayContext,
  isStopping: () => boolean,
): void {
  api.get('/health', async () => answer({ status: 'ok' }));

  api.get('/ready', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (isStopping()) throw new GatewayError('shutting-down', 'the gateway is shutting down');
    const plugins = [...deployment().table.plugins.keys()].map((id) => ({
      id,
      state: instances.healthOf(id).state,
    }));
    const unchecked = instances.unchecked();
    if (unchecked.length === 0) return answer({ status: 'ready', plugins });
    const error = new GatewayError(
      'not-ready',
      `not all plugins have been checked yet: ${unchecked.join(', ')}`,
    );
    return reply
      .code(error.status)
      .header('retry-after', '1')
      .send({ ...errorEnvelope(error, request.id), data: { plugins } });
  });
}
