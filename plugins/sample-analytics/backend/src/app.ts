import type { SampleAnalyticsHooks } from '@plexica/generated/events/sample-analytics';
import { plugin, type SampleAnalyticsConfig } from '@plexica/generated/plugins/sample-analytics';
import { prepareServer, registerHookRoutes, serverOptions } from '@plexica/sdk';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { countHooks } from './hooks/count-hooks.ts';
import { countsRoutes } from './routes/counts.routes.ts';
import { CountsService } from './services/counts.service.ts';

export interface AppOptions {
  readonly config: SampleAnalyticsConfig;
  readonly now: () => Date;
  readonly logger?: FastifyServerOptions['logger'];
}

/** The server of Sample Analytics, ready to listen or to be injected with requests. */
export function buildApp({ config, now, logger = false }: AppOptions): FastifyInstance {
  const app = fastify({ logger, ...serverOptions });
  prepareServer(app, { plugin });
  const counts = new CountsService();
  registerHookRoutes<SampleAnalyticsHooks>(app, plugin, countHooks(counts, config));
  countsRoutes(app, counts, now);
  return app;
}
