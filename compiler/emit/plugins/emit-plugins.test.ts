import type { RouteDefinition } from '@plexica/sdk';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { matchGolden } from '../../testing/match-golden.ts';
import { programOf } from '../../testing/program-of.ts';
import { readWorkspace } from '../../testing/read-workspace.ts';
import { reversed } from '../../testing/reversed.ts';
import { emitPlugins } from './emit-plugins.ts';

const fixture = (name: string) => readWorkspace(new URL(`../fixtures/${name}/`, import.meta.url));

describe('emitPlugins', () => {
  it.each(['shop', 'hostile'])('prints the golden plugins of %s', async (name) => {
    await matchGolden(emitPlugins(programOf(fixture(name))), new URL(`golden/${name}/`, import.meta.url));
  });

  it('prints the same bytes of the same files in another order', () => {
    const files = fixture('shop');
    expect([...emitPlugins(programOf(reversed(files)))]).toEqual([...emitPlugins(programOf(files))]);
  });

  it.each(['shop/plugins/plugin-catalog', 'shop/plugins/plugin-orders', 'hostile/plugins/plugin-hostile'])(
    'prints routes of %s that Fastify takes as they are',
    async (path) => {
      const { routes } = await importGolden(path);
      const app = fastify();
      for (const route of Object.values(routes)) app.route({ ...route, handler: async () => ({}) });
      await app.ready();

      for (const { method, url } of Object.values(routes)) expect(app.hasRoute({ method, url })).toBe(true);
    },
  );

  it('prints schemas that check requests and fill in defaults', async () => {
    const { routes } = await importGolden('shop/plugins/plugin-catalog');
    const app = fastify();
    for (const route of Object.values(routes)) {
      app.route({
        ...route,
        handler: async (request) => ({ success: true, data: [], total: 0, ...Object(request.query) }),
      });
    }
    const list = async (query: string) => (await app.inject(`/products?${query}`)).statusCode;

    expect(await list('category=lamps&take=5')).toBe(200);
    expect(await list('category=lamps&take=5000')).toBe(400);
    expect(await list('take=5')).toBe(400);
  });
});

/** A golden file, as a backend imports it. */
async function importGolden(path: string): Promise<{ routes: Record<string, RouteDefinition> }> {
  return await import(new URL(`golden/${path}.ts`, import.meta.url).pathname);
}
