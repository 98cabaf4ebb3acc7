import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';
import type { Document } from './load-documents.ts';

/** `GET /openapi.json`, `GET /openapi/:plugin.json`: what `plexica build` wrote, byte by byte. */
export function openapiApi(api: FastifyInstance, context: GatewayContext): void {
  api.get('/openapi.json', async (request, reply) =>
    send(request, reply, context.deployment().documents.merged, 'the merged OpenAPI document'),
  );

  api.get<{ Params: { file: string } }>('/openapi/:file', async (request, reply) => {
    const { file } = request.params;
    const { plugins } = context.deployment().documents;
    const plugin = file.endsWith('.json') ? plugins.get(file.slice(0, -'.json'.length)) : undefined;
    return send(request, reply, plugin, `an OpenAPI document "${file}"`);
  });
}

function send(request: FastifyRequest, reply: FastifyReply, document: Document | undefined, what: string) {
  if (document === undefined) {
    throw new GatewayError(
      'document-not-found',
      `${what} was not there when the gateway read its table: run \`plexica build\`, and deploy its result with the gateway`,
    );
  }
  reply.header('etag', document.etag).header('cache-control', 'no-cache');
  if (isKnown(request.headers['if-none-match'], document.etag)) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8').send(document.bytes);
}

/** A proxy on the way that compressed the document has made its tag a weak one. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
