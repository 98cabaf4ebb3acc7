import { plugin } from '@plexica/generated/plugins/plugin-analytics';
import { type GatewayClient, healthRoute, infoRoute } from '@plexica/sdk';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { answerError, answerNotFound } from './http/answer-error.ts';
import { takeJsonBodies } from './http/json-body.ts';
import { reportsRoutes } from './routes/reports.routes.ts';
import { countForRequest } from './services/count-for-request.ts';
import { crmHealth } from './services/crm-health.ts';
import { ReportsService } from './services/reports.service.ts';

export interface AppOptions {
  readonly gateway: GatewayClient;
  readonly now: () => Date;
  /** How long a report may take; less than plugin.json lets the gateway wait for it. */
  readonly reportTimeoutMs: number;
  readonly logger?: FastifyServerOptions['logger'];
}

/** The server of Analytics, ready to listen or to be injected with requests. */
export function buildApp({ gateway, now, reportTimeoutMs, logger = false }: AppOptions): FastifyInstance {
  const app = fastify({
    logger,
    // Unknown query parameters are refused, not dropped in silence.
    ajv: { customOptions: { removeAdditional: false } },
    frameworkErrors: answerError,
    requestIdHeader: 'x-request-id',
  });
  takeJsonBodies(app);
  app.addHook('onRoute', (route) => {
    // The gateway asks every few seconds; the answer is in its own log.
    if (route.url === '/health') route.logLevel = 'warn';
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);

  healthRoute(app, {
    plugin: plugin.id,
    version: plugin.version,
    parts: { crm: () => crmHealth(gateway) },
  });
  infoRoute(app, plugin);
  reportsRoutes(app, {
    reports: new ReportsService(now),
    count: (request) => countForRequest(gateway, request, reportTimeoutMs),
  });
  return app;
}
