import { type EventBus, serveRequests } from '@plexica/event-bus';
import { type PluginCrmConfig, plugin } from '@plexica/generated/plugins/plugin-crm';
import { prepareServer, serverOptions } from '@plexica/sdk';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { addDemoData } from './demo-data.ts';
import { type CrmEvents, noEvents } from './events/crm-events.ts';
import { contactsRoutes } from './routes/contacts.routes.ts';
import { dealsRoutes } from './routes/deals.routes.ts';
import { ContactsService } from './services/contacts.service.ts';
import { createCrmStore } from './services/crm-store.ts';
import { DealsService } from './services/deals.service.ts';
import { strictValidator } from './strict-validator.ts';

export interface AppOptions {
  readonly config: PluginCrmConfig;
  /** Whether the tenants `demo` and `acme` begin with something to look at. */
  readonly demoData: boolean;
  readonly now: () => Date;
  readonly bus: Pick<EventBus, 'serve'>;
  /** Told of every change that a request makes. */
  readonly events: CrmEvents;
  readonly logger?: FastifyServerOptions['logger'];
}

/** The CRM's server, ready to listen or to be injected with requests. */
export function buildApp({
  config,
  demoData,
  now,
  bus,
  events,
  logger = false,
}: AppOptions): FastifyInstance {
  const app = fastify({ logger, ...serverOptions });
  app.setValidatorCompiler(strictValidator());
  prepareServer(app, { plugin });
  serveRequests(app, bus);

  const options = { ...config, store: createCrmStore(), now };
  if (demoData) {
    const silent = { ...options, events: noEvents };
    addDemoData(new ContactsService(silent), new DealsService(silent));
  }
  contactsRoutes(app, new ContactsService({ ...options, events }));
  dealsRoutes(app, new DealsService({ ...options, events }));
  return app;
}
