import { expect, test } from 'vitest';
import { createGatewayClient } from './gateway-client.ts';
import { connect } from './testing/connect.ts';
import { type Reply, startServer } from './testing/test-server.ts';

const data = (value: unknown): Reply => ({ json: { success: true, data: value } });

test.for([
  { answer: { state: 'HEALTHY', reasons: [] }, health: { state: 'HEALTHY', reasons: [] } },
  { answer: { state: 'DEGRADED', reasons: ['slow', 7] }, health: { state: 'DEGRADED', reasons: ['slow'] } },
  { answer: { state: 'UNAVAILABLE' }, health: { state: 'UNAVAILABLE', reasons: [] } },
  {
    answer: { state: 'UNKNOWN', reasons: ['no instance yet'] },
    health: { state: 'UNAVAILABLE', reasons: ['the gateway calls it "UNKNOWN"', 'no instance yet'] },
  },
  {
    answer: null,
    health: { state: 'UNAVAILABLE', reasons: ['the gateway says nothing of its health'] },
  },
])('reads $answer', async ({ answer, health }) => {
  const server = await startServer(() => data(answer));
  expect(await connect(server, {}, { 'x-request-id': 'r-1' }).health('plugin-crm')).toEqual(health);
  expect(server.received).toMatchObject([
    { method: 'GET', url: '/api/plugin-gateway/plugins/plugin-crm', headers: { 'x-request-id': 'r-1' } },
  ]);
});

test.for<{ reply: Reply; says: string }>([
  { reply: { status: 404, json: { success: false, error: 'no such plugin' } }, says: 'no such plugin' },
  { reply: { status: 503 }, says: 'status 503' },
  { reply: { text: 'well' }, says: 'the answer is not JSON' },
  { reply: 'drop', says: 'the gateway cannot be reached' },
  { reply: 'hang', says: 'no answer within 50 ms' },
])('is UNAVAILABLE where the gateway cannot say: $says', async ({ reply, says }) => {
  const server = await startServer(() => reply);
  expect(await connect(server).health('plugin-crm', reply === 'hang' ? { timeoutMs: 50 } : {})).toEqual({
    state: 'UNAVAILABLE',
    reasons: [expect.stringContaining(says)],
  });
  expect(server.received).toHaveLength(1);
});

test('is UNAVAILABLE where the gateway is away', async () => {
  const server = await startServer(() => 'hang');
  await server.close();
  const health = await connect(server).health('plugin-crm');
  expect(health).toEqual({ state: 'UNAVAILABLE', reasons: [expect.stringContaining('ECONNREFUSED')] });
});

test('needs no request that is being served: the plugin asks in its own name', async () => {
  const server = await startServer(() => data({ state: 'HEALTHY', reasons: [] }));
  const gateway = createGatewayClient({
    pluginId: 'plugin-analytics',
    gatewayUrl: server.url,
    token: 'secret-token',
  });
  expect(await gateway.health('plugin-crm')).toEqual({ state: 'HEALTHY', reasons: [] });
  const [asked] = server.received;
  expect(asked).toMatchObject({
    method: 'GET',
    url: '/api/plugin-gateway/plugins/plugin-crm',
    headers: { authorization: 'Bearer secret-token' },
  });
  expect(asked?.headers).not.toHaveProperty('x-plexica-context');
});

test('rejects when it is aborted', async () => {
  const server = await startServer(() => data({ state: 'HEALTHY' }));
  const health = connect(server).health('plugin-crm', { signal: AbortSignal.abort() });
  await expect(health).rejects.toMatchObject({ code: 'aborted' });
});
