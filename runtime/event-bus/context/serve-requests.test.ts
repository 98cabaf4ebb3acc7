import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { serveRequests } from './serve-requests.ts';
import { createServedContext, type ServedContext } from './served.ts';

let app: FastifyInstance;
let context: ServedContext;

beforeEach(() => {
  context = createServedContext();
  app = fastify();
  serveRequests(app, { serve: context.run });
  // Time passes and other work is done: it must still be this request's.
  app.post('/', async () => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    return context.current ?? null;
  });
});
afterEach(() => app.close());

const post = async (headers: Record<string, string>) =>
  (await app.inject({ method: 'POST', url: '/', headers, payload: { some: 'body' } })).json();

it('hands a route’s handler the tenant of its request, whatever comes in between', async () => {
  const headers = {
    'x-tenant-id': 'acme',
    'x-user-id': 'ada',
    'x-workspace-id': 'w-1',
    'x-request-id': 'req-1',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    tracestate: 'a=b',
    'x-plexica-context': 'signed',
  };
  expect(await post(headers)).toEqual({
    tenantId: 'acme',
    userId: 'ada',
    workspaceId: 'w-1',
    correlationId: 'req-1',
    traceparent: headers.traceparent,
    tracestate: 'a=b',
    tenantContext: 'signed',
  });
});

it('keeps requests apart that are served at once', async () => {
  const tenants = Array.from({ length: 50 }, (_, index) => `t${index}`);
  const served = await Promise.all(tenants.map((tenant) => post({ 'x-tenant-id': tenant })));
  expect(served).toEqual(tenants.map((tenantId) => ({ tenantId })));
});

it('serves nobody where a request names no tenant', async () => {
  expect(await post({ 'x-user-id': 'ada', 'x-plexica-context': 'signed' })).toBeNull();
});

it('is over when the request is', async () => {
  await post({ 'x-tenant-id': 'acme' });
  expect(context.current).toBeUndefined();
});
