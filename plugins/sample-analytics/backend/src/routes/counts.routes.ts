import { type Routes, routes } from '@plexica/generated/plugins/sample-analytics';
import { tenantContext } from '@plexica/sdk';
import type { FastifyInstance } from 'fastify';
import type { CountsService } from '../services/counts.service.ts';

export function countsRoutes(app: FastifyInstance, counts: CountsService, now: () => Date): void {
  app.route<Routes['getCounts']>({
    ...routes.getCounts,
    handler: async (request) => ({ success: true, data: counts.get(tenantContext(request).tenantId) }),
  });

  // The guide's two endpoints say nothing of what they answer.
  app.route<Routes['getAnalyticsDashboard']>({
    ...routes.getAnalyticsDashboard,
    handler: async (request) => ({ success: true, data: counts.get(tenantContext(request).tenantId) }),
  });

  app.route<Routes['postAnalyticsReports']>({
    ...routes.postAnalyticsReports,
    handler: async (request, reply) => {
      const report = counts.get(tenantContext(request).tenantId);
      reply.status(201);
      return { success: true, data: { createdAt: now().toISOString(), ...report } };
    },
  });
}
