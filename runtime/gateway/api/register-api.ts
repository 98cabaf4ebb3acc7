import type { FastifyInstance } from 'fastify';
import { BASE_PATH } from '../base-path.ts';
import type { GatewayContext } from '../context.ts';
import { dependenciesApi } from './dependencies-api.ts';
import { docsPage } from './docs-page.ts';
import { healthApi } from './health-api.ts';
import { loadDocuments } from './load-documents.ts';
import { openapiApi } from './openapi-api.ts';
import { pluginsApi } from './plugins-api.ts';
import { registrationApi } from './registration-api.ts';
import { servicesApi } from './services-api.ts';

/**
 * The gateway's own endpoints, below the base path. They throw GatewayErrors, which the server answers with.
 *
 * @throws SetupError for a setting or a document that cannot be read
 */
export async function registerApi(app: FastifyInstance, context: GatewayContext): Promise<void> {
  const documents = await loadDocuments(context.config.out, context.table);
  await app.register(
    async (api) => {
      if (!api.hasRequestDecorator('caller')) api.decorateRequest('caller', null);
      healthApi(api, context);
      registrationApi(api, context);
      servicesApi(api, context);
      pluginsApi(api, context);
      dependenciesApi(api, context);
      openapiApi(api, documents);
      await docsPage(api, documents);
    },
    { prefix: BASE_PATH },
  );
}
