import type { JsonSchema } from '@plexica/types';
import fc from 'fast-check';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { dereference } from '../ir/dereference.ts';
import { pathSegments } from '../ir/path-shape.ts';
import type { Program, Route } from '../ir/program.ts';
import { anySchema } from '../testing/any-schema.ts';
import { programOf } from '../testing/program-of.ts';
import { checkProgram } from './check-program.ts';

/** What plugin backends run on has the last word on what can be served. */
describe('a program without errors', { timeout: 120_000 }, () => {
  const methods = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE');

  it('has exactly the routes that Fastify accepts, where all paths are well written', async () => {
    const segment = fc.constantFrom('x', 'y', 'x.y', ':a', ':b', ':c');
    const path = fc.uniqueArray(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
    const endpoints = fc.array(fc.record({ method: methods, path }), { maxLength: 8 });

    await fc.assert(
      fc.asyncProperty(endpoints, async (list) => {
        const program = programWith(list);
        expect(await accepts(program.routes)).toBe(errors(program, ROUTE_RULES).length === 0);
      }),
      { numRuns: 100 },
    );
  });

  it('has routes that each answer for themselves, whatever else was in the manifest', async () => {
    const segment = fc.oneof(
      fc.constantFrom(
        'x',
        ':id',
        ':id?',
        ':id(\\\\d+)',
        '*',
        '',
        '..',
        '%2f',
        '{id}',
        'x:y',
        ':a-:b',
        '::x',
        '~._-',
      ),
      fc.string({ maxLength: 4 }),
    );
    const path = fc.array(segment, { maxLength: 3 }).map((segments) => `/${segments.join('/')}`);
    const endpoints = fc.array(fc.record({ method: methods, path }), { minLength: 1, maxLength: 4 });

    await fc.assert(
      fc.asyncProperty(endpoints, async (list) => {
        const program = programWith(list);
        fc.pre(errors(program, ROUTE_RULES).length === 0);
        const app = serve(program.routes);
        for (const { method, path: own } of program.routes) {
          const url = `/${pathSegments(own.value)
            .map((part) => (part.startsWith(':') ? 'value' : part))
            .join('/')}`;
          const { body } = await app.inject({ method, url });
          expect(body).toBe(`${method} ${own.value}`);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('has schemas that Fastify accepts for requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('A', 'B'), anySchema),
        anySchema,
        async (schemas, body) => {
          const program = programOf({
            'plugins/a/plugin.json': {
              id: 'plugin-a',
              name: 'A',
              version: '1.0.0',
              schemas,
              backend: {
                endpoints: [{ method: 'POST', path: '/x', schema: { body } }],
              },
            },
          });
          fc.pre(errors(program, []).length === 0);
          const [route] = program.routes;
          const written = dereference(route?.request.body ?? {}, route?.plugin.schemas ?? new Map());
          await expect(acceptsSchema(written)).resolves.toBe(true);
        },
      ),
      { numRuns: 100, endOnFailure: true },
    );
  });
});

const ROUTE_RULES = ['route-conflict', 'path-syntax', 'path-parameters'];

function programWith(endpoints: readonly { readonly method: string; readonly path: string }[]): Program {
  return programOf({
    'plugins/a/plugin.json': { id: 'plugin-a', name: 'A', version: '1.0.0', backend: { endpoints } },
  });
}

/** The errors of some rules; of all where none is named. */
function errors(program: Program, names: readonly string[]) {
  return checkProgram(program).filter(
    ({ kind }) => kind.severity === 'error' && (names.length === 0 || names.includes(kind.name)),
  );
}

function serve(routes: readonly Route[]): FastifyInstance {
  const app = Fastify({ exposeHeadRoutes: false });
  for (const { method, path } of routes) {
    app.route({ method, url: path.value, handler: async () => `${method} ${path.value}` });
  }
  return app;
}

async function accepts(routes: readonly Route[]): Promise<boolean> {
  try {
    await serve(routes).ready();
    return true;
  } catch {
    return false;
  }
}

async function acceptsSchema(schema: JsonSchema): Promise<boolean> {
  // Ajv's advice about types is no refusal.
  const app = Fastify({ ajv: { customOptions: { logger: false } } });
  app.post('/x', { schema: { body: schema } }, async () => null);
  await app.ready();
  return true;
}
