import { type Routes, routes } from '@plexica/generated/plugins/plugin-analytics';
import { tenantContext } from '@plexica/sdk';
import type { FastifyInstance } from 'fastify';
import type { CountersService } from '../services/counters.service.ts';

export function countersRoutes(app: FastifyInstance, counters: CountersService): void {
  app.route<Routes['getCounters']>({
    ...routes.getCounters,
    handler: async (request) => ({
      success: true,
      data: counters.get(tenantContext(request).tenantId),
    }),
  });
}
