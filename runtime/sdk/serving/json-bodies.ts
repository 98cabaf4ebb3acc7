type Done = (error: Error | null, body?: unknown) => void;
type Parse = (request: never, body: string, done: Done) => unknown;

/** A server whose parsers of bodies can be chosen: a Fastify instance. */
export interface BodyHost {
  getDefaultJsonParser(onProtoPoisoning: 'error', onConstructorPoisoning: 'error'): Parse;
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(contentType: string, options: { parseAs: 'string' }, parser: Parse): unknown;
}

/**
 * Takes JSON bodies and no others. An empty one is no body, whatever its content type says: many clients send
 * `application/json` with every request.
 */
export function takeJsonBodies(app: BodyHost): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, body, done);
  });
}
