import type { FastifyInstance, HTTPMethods } from 'fastify';
import { GatewayError } from '../errors.ts';
import { allowOf } from '../table/prepare.ts';

const METHODS: readonly HTTPMethods[] = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** Registers endpoints, and beside each of their paths an answer of 405 to the methods that none of them takes. */
export function registerMethodGuards(app: FastifyInstance, register: (app: FastifyInstance) => void): void {
  const urls = new Set<string>();
  app.register(async (scope) => {
    scope.addHook('onRoute', ({ url }) => void urls.add(url));
    register(scope);
  });
  app.register(async (scope) => {
    for (const url of urls) {
      // The hook above is not told of every method that Fastify adds: only the router knows them all.
      const taken = METHODS.filter((method) => scope.hasRoute({ url, method }));
      const allow = allowOf(taken);
      scope.route({
        url: url.slice(scope.prefix.length),
        method: METHODS.filter((method) => !taken.includes(method)),
        // Before the body: it does not matter what is in it.
        async onRequest(request) {
          throw new GatewayError(
            'method-not-allowed',
            `this endpoint does not answer ${request.method}, but ${allow}`,
            { headers: { allow } },
          );
        },
        handler: async () => undefined,
      });
    }
  });
}
