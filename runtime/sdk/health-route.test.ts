import { expect, test } from 'vitest';
import { type HealthPart, healthRoute, infoRoute, type RouteHost } from './health-route.ts';
import { startServer } from './testing/test-server.ts';

/** A plugin on a real socket, with what it logged. */
async function servePlugin(mount: (app: RouteHost) => void) {
  const routes = new Map<string, () => Promise<unknown>>();
  const logged: { details: object; message: string }[] = [];
  mount({
    get: (path, handler) => routes.set(path, handler),
    log: { warn: (details, message) => logged.push({ details, message }) },
  });
  const server = await startServer(async ({ url }) => {
    const handler = routes.get(url);
    return handler === undefined ? { status: 404 } : { json: await handler() };
  });
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(server.url + path);
    expect(response.status).toBe(200);
    return await response.json();
  };
  return { get, logged };
}

const boom = new Error('password hunter2 refused');
const identity = { plugin: 'plugin-crm', version: '1.2.3' };

test.for<{
  title: string;
  parts?: Record<string, HealthPart>;
  status: string;
  services: Record<string, string>;
}>([
  { title: 'no parts', status: 'ok', services: {} },
  {
    title: 'parts that are well, in any case',
    parts: { database: () => 'connected', cache: async () => ' OK ' },
    status: 'ok',
    services: { database: 'connected', cache: ' OK ' },
  },
  {
    title: 'a part that is not well',
    parts: { database: () => 'connected', cache: () => 'rebuilding' },
    status: 'degraded',
    services: { database: 'connected', cache: 'rebuilding' },
  },
  { title: 'an empty word', parts: { cache: () => '' }, status: 'degraded', services: { cache: '' } },
  {
    title: 'a word that is too long',
    parts: { cache: () => 'x'.repeat(500) },
    status: 'degraded',
    services: { cache: 'x'.repeat(200) },
  },
  {
    title: 'a part that hangs, beside one that does not',
    parts: { cache: () => new Promise(() => undefined), database: () => 'up' },
    status: 'degraded',
    services: { cache: 'timed out', database: 'up' },
  },
])('reports $title', async ({ parts, status, services }) => {
  const { get, logged } = await servePlugin((app) =>
    healthRoute(app, { ...identity, parts, partTimeoutMs: 20 }),
  );
  expect(await get('/health')).toEqual({ ...identity, status, services, timestamp: expect.any(String) });
  expect(logged).toEqual([]);
});

test.for<{ title: string; part: HealthPart }>([
  {
    title: 'throws',
    part: () => {
      throw boom;
    },
  },
  { title: 'rejects', part: () => Promise.reject(boom) },
])('a part that $title is named in the answer, its reason in the log alone', async ({ part }) => {
  const { get, logged } = await servePlugin((app) =>
    healthRoute(app, { ...identity, parts: { cache: part } }),
  );
  const report = await get('/health');
  expect(report).toMatchObject({ status: 'degraded', services: { cache: 'failed' } });
  expect(JSON.stringify(report)).not.toContain('hunter2');
  expect(logged).toEqual([
    { details: { err: boom, part: 'cache' }, message: 'a part of the health check failed' },
  ]);
});

test('asks its parts anew each time', async () => {
  let word = 'starting';
  const { get } = await servePlugin((app) => healthRoute(app, { ...identity, parts: { cache: () => word } }));
  expect(await get('/health')).toMatchObject({ status: 'degraded' });
  word = 'ready';
  expect(await get('/health')).toMatchObject({ status: 'ok' });
});

test('/info says who the plugin is, and nothing else of it', async () => {
  const plugin = { id: 'plugin-crm', name: 'CRM', version: '1.2.3', services: [] };
  const { get } = await servePlugin((app) => infoRoute(app, { ...plugin, ...{ secret: 'hunter2' } }));
  expect(await get('/info')).toEqual(plugin);
});
