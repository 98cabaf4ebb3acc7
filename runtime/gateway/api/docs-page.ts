import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { BASE_PATH } from '../base-path.ts';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import { DOCS_STYLE, LOGO } from './docs-theme.ts';
import type { Documents } from './load-documents.ts';

/** Everything that the page needs comes from the gateway, and it talks to nobody else. */
const CONTENT_SECURITY_POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  // The hash is of a style inside Swagger UI's own logo, which stands there until ours takes its place.
  'style-src': ["'self'", "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='"],
  'img-src': ["'self'", 'data:'],
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/**
 * `GET /docs`: Swagger UI on the compiled documents, the merged one and one for each plugin. The page asks for their
 * list at `GET /docs/documents.json` (Swagger UI's `configUrl`), so that it follows a reload.
 */
export async function docsPage(api: FastifyInstance, context: GatewayContext): Promise<void> {
  api.get('/docs/documents.json', async (_, reply) => {
    reply.header('cache-control', 'no-cache');
    return { urls: documentsOf(context.deployment().documents) };
  });

  await api.register(async (docs) => {
    await docs.register(noCollectedDocument);
    await docs.register(fastifySwaggerUi, {
      routePrefix: '/docs',
      indexPrefix: BASE_PATH,
      uiConfig: {
        configUrl: `${BASE_PATH}/docs/documents.json`,
        deepLinking: true,
        displayRequestDuration: true,
        filter: true,
        docExpansion: 'list',
      },
      staticCSP: CONTENT_SECURITY_POLICY,
      theme: { title: 'Plexica API', css: [{ filename: 'plexica.css', content: DOCS_STYLE }] },
      logo: { type: 'image/svg+xml', content: LOGO },
    });
  });
}

function documentsOf({ merged, plugins }: Documents): readonly { name: string; url: string }[] {
  return [
    ...(merged === undefined ? [] : [{ name: 'All plugins', url: `${BASE_PATH}/openapi.json` }]),
    ...[...plugins].map(([id, { name }]) => ({
      name: `${name} (${id})`,
      url: `${BASE_PATH}/openapi/${id}.json`,
    })),
  ];
}

/**
 * Stands in for `@fastify/swagger`, on which the page insists: that plugin collects a document from the
 * routes of the server, and here the documents are compiled.
 */
const noCollectedDocument = Object.assign(
  async (app: FastifyInstance) => {
    app.decorate('swagger', () => {
      throw new GatewayError(
        'document-not-found',
        `the documents are at ${BASE_PATH}/openapi.json and beside it`,
      );
    });
  },
  // What Fastify reads from a plugin: that it decorates its parent, and its name.
  { [Symbol.for('skip-override')]: true, [Symbol.for('plugin-meta')]: { name: '@fastify/swagger' } },
);
