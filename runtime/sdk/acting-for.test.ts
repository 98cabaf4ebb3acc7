import { expect, test } from 'vitest';
import { createGatewayClient } from './gateway-client.ts';
import { contactsEndpoint } from './testing/endpoints.ts';
import { startServer } from './testing/test-server.ts';

test('names the tenant of work that belongs to no request, on every call', async () => {
  const server = await startServer(() => ({ text: '1' }));
  const gateway = createGatewayClient({ pluginId: 'plugin-analytics', gatewayUrl: server.url, token: 't' });
  const bound = gateway.actingFor('acme');
  await bound.call(contactsEndpoint());
  await bound.health('plugin-crm');
  expect(bound.tenant).toEqual({ tenantId: 'acme' });
  for (const { headers } of server.received) {
    expect(headers).toMatchObject({ authorization: 'Bearer t', 'x-plexica-act-as-tenant': 'acme' });
    expect(headers).not.toHaveProperty('x-plexica-context');
  }
  expect(server.received).toHaveLength(2);
});

test("an endpoint's own headers cannot name another tenant", async () => {
  const server = await startServer(() => ({ text: '1' }));
  const gateway = createGatewayClient({ pluginId: 'plugin-analytics', gatewayUrl: server.url });
  const headers = { 'X-Plexica-Act-As-Tenant': 'other' };
  await gateway.actingFor('acme').call(contactsEndpoint({ headers: true }), { headers });
  expect(server.received[0]?.headers['x-plexica-act-as-tenant']).toBe('acme');
});

test.for(['', ' ', ' acme', 'a\nb', 'a,b', 'acmé', 'a'.repeat(257)])(
  'refuses the tenant "%s"',
  (tenantId) => {
    const gateway = createGatewayClient({ pluginId: 'plugin-analytics', gatewayUrl: 'http://gateway' });
    expect(() => gateway.actingFor(tenantId)).toThrow(TypeError);
  },
);
