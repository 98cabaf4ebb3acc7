import type { FastifyInstance } from 'fastify';

/**
 * Takes JSON bodies and no others. An empty one is no body, whatever its content type says: many clients send
 * `application/json` with every request.
 */
export function takeJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, String(body), done);
  });
}
