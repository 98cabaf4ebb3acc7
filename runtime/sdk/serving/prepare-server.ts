import { type HealthPart, healthRoute, infoRoute, type RouteHost } from '../health-route.ts';
import type { PluginIdentity } from '../plugin-service.ts';
import { answerError, answerErrors, type FailingHost } from './answer-errors.ts';
import { type BodyHost, takeJsonBodies } from './json-bodies.ts';

/** A server that is being built: a Fastify instance fits. */
export interface PreparedHost extends RouteHost, BodyHost, FailingHost {
  addHook(name: 'onRoute', hook: (route: { readonly url: string; logLevel?: string }) => void): unknown;
}

export interface PrepareOptions {
  readonly plugin: PluginIdentity;
  /** What the plugin relies on, for `/health`. */
  readonly parts?: Readonly<Record<string, HealthPart>>;
}

/** Options of a Fastify server that go with `prepareServer`: `fastify({ logger, ...serverOptions })`. */
export const serverOptions = {
  frameworkErrors: answerError,
  // As the gateway knows the request.
  requestIdHeader: 'x-request-id',
  // What the schema does not know is refused, not dropped in silence.
  ajv: { customOptions: { removeAdditional: false } },
} as const;

/**
 * What every plugin's server does: it takes JSON bodies, answers failures as `{ success: false, error }`, and serves
 * `/health` and `/info`. Call it before routes are added.
 */
export function prepareServer(app: PreparedHost, { plugin, parts }: PrepareOptions): void {
  takeJsonBodies(app);
  answerErrors(app);
  app.addHook('onRoute', (route) => {
    // The gateway asks every few seconds; the answer is in its own log.
    if (route.url === '/health') route.logLevel = 'warn';
  });
  healthRoute(app, { plugin: plugin.id, version: plugin.version, parts });
  infoRoute(app, plugin);
}
