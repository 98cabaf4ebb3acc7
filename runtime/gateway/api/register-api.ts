import type { FastifyInstance } from 'fastify';
import type { GatewayContext } from '../context.ts';
import { eventsApi } from '../events/events-api.ts';
import type { Operations } from '../operations/operations.ts';
import { adminApi } from './admin-api.ts';
import { dependenciesApi } from './dependencies-api.ts';
import { docsPage } from './docs-page.ts';
import { healthApi } from './health-api.ts';
import { metricsApi } from './metrics-api.ts';
import { openapiApi } from './openapi-api.ts';
import { pluginsApi } from './plugins-api.ts';
import { registrationApi } from './registration-api.ts';
import { servicesApi } from './services-api.ts';

/** The gateway as its operators see it. */
export interface Administration {
  readonly operations: Operations;
  /** Whether this process takes no more traffic. */
  readonly isStopping: () => boolean;
}

/**
 * The gateway's own endpoints. They throw GatewayErrors, which the server answers with.
 *
 * @param app stands below the base path
 */
export function registerApi(
  app: FastifyInstance,
  context: GatewayContext,
  { operations, isStopping }: Administration,
): void {
  app.register(async (api) => {
    healthApi(api, context, isStopping);
    adminApi(api, context, operations);
    metricsApi(api, context, operations);
    registrationApi(api, context);
    servicesApi(api, context);
    pluginsApi(api, context);
    dependenciesApi(api, context);
    eventsApi(api, context);
    openapiApi(api, context);
    await docsPage(api, context);
  });
}
