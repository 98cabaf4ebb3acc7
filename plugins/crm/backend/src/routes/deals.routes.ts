import { type Routes, routes } from '@plexica/generated/plugins/plugin-crm';
import { tenantContext } from '@plexica/sdk';
import type { FastifyInstance } from 'fastify';
import type { DealsService } from '../services/deals.service.ts';

export function dealsRoutes(app: FastifyInstance, deals: DealsService): void {
  app.route<Routes['listDeals']>({
    ...routes.listDeals,
    handler: async (request) => {
      const { items, total } = deals.list(tenantContext(request).tenantId, request.query);
      return { success: true, data: items, total };
    },
  });

  app.route<Routes['getPipelineSummary']>({
    ...routes.getPipelineSummary,
    handler: async (request) => ({
      success: true,
      data: deals.summarizePipeline(tenantContext(request).tenantId),
    }),
  });

  app.route<Routes['getDeal']>({
    ...routes.getDeal,
    handler: async (request) => ({
      success: true,
      data: deals.get(tenantContext(request).tenantId, request.params.id),
    }),
  });

  app.route<Routes['createDeal']>({
    ...routes.createDeal,
    handler: async (request, reply) => {
      reply.status(201);
      return { success: true, data: deals.create(tenantContext(request).tenantId, request.body) };
    },
  });

  app.route<Routes['updateDeal']>({
    ...routes.updateDeal,
    handler: async (request) => ({
      success: true,
      data: deals.update(tenantContext(request).tenantId, request.params.id, request.body),
    }),
  });

  app.route<Routes['deleteDeal']>({
    ...routes.deleteDeal,
    handler: async (request) => {
      deals.delete(tenantContext(request).tenantId, request.params.id);
      return { success: true, message: 'deal deleted' };
    },
  });
}
