import type { FastifyInstance } from 'fastify';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import type { Operations } from '../operations/operations.ts';
import { answer } from './answer.ts';
import { requireAdmin } from './require-admin.ts';

/** `GET /admin/status`, `POST /admin/reload`: for operators on this machine. */
export function adminApi(api: FastifyInstance, context: GatewayContext, operations: Operations): void {
  // Before the body is read: nobody else sends us any.
  const onRequest = requireAdmin(context);

  api.get('/admin/status', { onRequest }, async () => answer(await operations.status()));

  api.post('/admin/reload', { onRequest }, async () => {
    const outcome = await operations.reload();
    if (outcome.outcome === 'done') return answer(outcome.change);
    throw new GatewayError(
      'reload-refused',
      `the reload was refused, and what was served before goes on: ${outcome.reason}`,
    );
  });
}
