import type { EventBus } from '@plexica/event-bus';
import { plugin } from '@plexica/generated/plugins/plugin-analytics';
import { type GatewayClient, prepareServer, serverOptions } from '@plexica/sdk';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { countEvents } from './events/count-events.ts';
import { countersRoutes } from './routes/counters.routes.ts';
import { reportsRoutes } from './routes/reports.routes.ts';
import { countForRequest } from './services/count-for-request.ts';
import { CountersService } from './services/counters.service.ts';
import { crmHealth } from './services/crm-health.ts';
import { ReportsService } from './services/reports.service.ts';

export interface AppOptions {
  readonly gateway: GatewayClient;
  /** Not started yet: handlers are added. */
  readonly bus: Pick<EventBus, 'on' | 'seen'>;
  readonly now: () => Date;
  /** How long a report may take; less than plugin.json lets the gateway wait for it. */
  readonly reportTimeoutMs: number;
  readonly logger?: FastifyServerOptions['logger'];
}

/** The server of Analytics, ready to listen or to be injected with requests. */
export function buildApp({
  gateway,
  bus,
  now,
  reportTimeoutMs,
  logger = false,
}: AppOptions): FastifyInstance {
  const app = fastify({ logger, ...serverOptions });
  prepareServer(app, { plugin, parts: { crm: () => crmHealth(gateway) } });
  reportsRoutes(app, {
    reports: new ReportsService(now),
    count: (request) => countForRequest(gateway, request, reportTimeoutMs),
  });
  const counters = new CountersService();
  countEvents(bus, counters);
  countersRoutes(app, counters);
  return app;
}
