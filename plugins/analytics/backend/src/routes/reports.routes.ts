import { type Routes, routes } from '@plexica/generated/plugins/plugin-analytics';
import { tenantContext } from '@plexica/sdk';
import type { FastifyInstance } from 'fastify';
import type { ReportRequest } from '../services/count-for-request.ts';
import type { ReportsService } from '../services/reports.service.ts';
import type { ReportContent } from '../types/index.ts';

export interface ReportsRoutesOptions {
  readonly reports: ReportsService;
  /** Counts what a report on this request's tenant says. */
  readonly count: (request: ReportRequest) => Promise<ReportContent>;
}

export function reportsRoutes(app: FastifyInstance, { reports, count }: ReportsRoutesOptions): void {
  app.route<Routes['listReports']>({
    ...routes.listReports,
    handler: async (request) => {
      const { items, total } = reports.list(tenantContext(request).tenantId, request.query);
      return { success: true, data: items, total };
    },
  });

  app.route<Routes['getReport']>({
    ...routes.getReport,
    handler: async (request) => ({
      success: true,
      data: reports.get(tenantContext(request).tenantId, request.params.id),
    }),
  });

  app.route<Routes['createReport']>({
    ...routes.createReport,
    handler: async (request, reply) => {
      const { tenantId } = tenantContext(request);
      const report = reports.add(tenantId, await count(request));
      reply.status(201);
      return { success: true, data: report };
    },
  });
}
