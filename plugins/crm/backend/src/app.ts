import { type PluginCrmConfig, plugin } from '@plexica/generated/plugins/plugin-crm';
import { healthRoute, infoRoute } from '@plexica/sdk';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { addDemoData } from './demo-data.ts';
import { answerError, answerNotFound } from './http/answer-error.ts';
import { takeJsonBodies } from './http/json-body.ts';
import { strictValidator } from './http/validation.ts';
import { contactsRoutes } from './routes/contacts.routes.ts';
import { dealsRoutes } from './routes/deals.routes.ts';
import { ContactsService } from './services/contacts.service.ts';
import { createCrmStore } from './services/crm-store.ts';
import { DealsService } from './services/deals.service.ts';

export interface AppOptions {
  readonly config: PluginCrmConfig;
  /** Whether the tenants `demo` and `acme` begin with something to look at. */
  readonly demoData: boolean;
  readonly now: () => Date;
  readonly logger?: FastifyServerOptions['logger'];
}

/** The CRM's server, ready to listen or to be injected with requests. */
export function buildApp({ config, demoData, now, logger = false }: AppOptions): FastifyInstance {
  const app = fastify({ logger, frameworkErrors: answerError, requestIdHeader: 'x-request-id' });
  app.setValidatorCompiler(strictValidator());
  takeJsonBodies(app);
  app.addHook('onRoute', (route) => {
    // The gateway asks every few seconds; the answer is in its own log.
    if (route.url === '/health') route.logLevel = 'warn';
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);

  const store = createCrmStore();
  const contacts = new ContactsService({ ...config, store, now });
  const deals = new DealsService({ ...config, store, now });
  if (demoData) addDemoData(contacts, deals);

  healthRoute(app, { plugin: plugin.id, version: plugin.version });
  infoRoute(app, plugin);
  contactsRoutes(app, contacts);
  dealsRoutes(app, deals);
  return app;
}
