import type { AddressInfo } from 'node:net';
import {
  type AnyEvents,
  createEventBus,
  type EventBus,
  gatewayTransport,
  serveRequests,
} from '@plexica/event-bus';
import { createGatewayClient, type Endpoint, type GatewayClient } from '@plexica/sdk';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  ANALYTICS,
  CRM,
  route,
  startGateway,
  type TestGateway,
} from '../runtime/gateway/testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../runtime/gateway/testing/start-plugin.ts';

const MADE = 'shop.order.made';
/** Takes orders of users, and publishes them. */
const SHOP = { id: 'plugin-shop', routes: [route('POST /orders')], publishes: [MADE] };
const LIST: Endpoint = {
  pluginId: 'plugin-crm',
  service: 'crm.contacts',
  method: 'GET',
  path: '/contacts',
  answer: 'whole',
  idempotent: true,
};

interface Plugin {
  readonly gateway: GatewayClient;
  readonly bus: EventBus<AnyEvents>;
}

let gateway: TestGateway;
let crm: TestPlugin;
let app: FastifyInstance;
let shop: Plugin;
let analytics: Plugin;

beforeEach(async () => {
  crm = await startPlugin();
  app = fastify();
  app.get('/health', async () => ({ status: 'ok' }));
  // The bus is there before the first request is.
  serveRequests(app, { serve: (served, work) => shop.bus.serve(served, work) });
  app.post('/orders', async () => await shop.bus.publish(MADE, { n: 1 }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  // A listening TCP server has an address with a port.
  const { port } = app.server.address() as AddressInfo;
  gateway = await startGateway({
    plugins: [CRM, { ...ANALYTICS, subscribes: [MADE] }, SHOP],
    upstreams: { 'plugin-crm': crm.url, 'plugin-shop': new URL(`http://127.0.0.1:${port}`) },
  });
  shop = await makePlugin('plugin-shop', [MADE], []);
  analytics = await makePlugin('plugin-analytics', [], [MADE]);
});
afterEach(async () => {
  await Promise.all([shop.bus.stop(0), analytics.bus.stop(0)]);
  await gateway.close();
  await Promise.all([crm.close(), app.close()]);
});

async function makePlugin(pluginId: string, publishes: string[], subscribes: string[]): Promise<Plugin> {
  const gatewayUrl = new URL(gateway.url).origin;
  const client = createGatewayClient({ pluginId, gatewayUrl, token: await gateway.pluginToken(pluginId) });
  const events = {
    pluginId,
    publishes: Object.fromEntries(publishes.map((name) => [name, {}])),
    subscribes: Object.fromEntries(subscribes.map((name) => [name, { publishers: ['plugin-shop'] }])),
  };
  return { gateway: client, bus: createEventBus<AnyEvents>({ events, transport: gatewayTransport(client) }) };
}

it('lets the handler of an event call others for the user whose request led to it', async () => {
  const handled = Promise.withResolvers<readonly PromiseSettledResult<unknown>[]>();
  analytics.bus.on(MADE, async (event) => {
    const own = analytics.gateway.forEvent(event).call(LIST);
    const another = analytics.gateway.forEvent({ ...event, name: 'shop.order.lost' }).call(LIST);
    handled.resolve(await Promise.allSettled([own, another]));
  });
  await Promise.all([shop.bus.start(), analytics.bus.start()]);

  const headers = { authorization: `Bearer ${await gateway.userToken({ tenantId: 'acme', userId: 'ada' })}` };
  const order = await fetch(`${gateway.url}/plugin-shop/orders`, { method: 'POST', headers });
  expect(await order.json()).toMatchObject({ tenantId: 'acme', userId: 'ada' });
  const [own, another] = await handled.promise;
  expect(own?.status).toBe('fulfilled');
  // Only of events that the plugin subscribes to.
  expect(another).toMatchObject({ status: 'rejected', reason: { code: 'context-refused' } });
  expect(crm.seen).toHaveLength(1);
  expect(crm.seen[0]?.headers).toMatchObject({
    'x-tenant-id': 'acme',
    'x-user-id': 'ada',
    'x-caller-plugin-id': 'plugin-analytics',
    'x-request-id': order.headers.get('x-request-id'),
  });
});
