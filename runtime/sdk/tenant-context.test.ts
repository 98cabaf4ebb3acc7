import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { createGatewayClient } from './gateway-client.ts';
import { MissingTenantError, tenantContext } from './tenant-context.ts';
import { startServer } from './testing/test-server.ts';

test('reads what the gateway injects, off the wire', async () => {
  const server = await startServer((request) => ({ json: tenantContext(request) }));
  const headers = {
    'X-Tenant-ID': 'acme',
    'X-User-ID': 'u-1',
    'X-Workspace-ID': 'w-1',
    'X-Caller-Plugin-ID': 'plugin-analytics',
    'X-Request-ID': 'r-1',
    traceparent: '00-a-b-01',
    tracestate: 'vendor=1',
    'X-Plexica-Context': 'signed',
  };
  const answer: unknown = await (await fetch(server.url, { headers })).json();
  expect(answer).toEqual({
    tenantId: 'acme',
    userId: 'u-1',
    workspaceId: 'w-1',
    callerPluginId: 'plugin-analytics',
    requestId: 'r-1',
    traceparent: '00-a-b-01',
    tracestate: 'vendor=1',
    context: 'signed',
  });
});

test('leaves out what is absent, empty or repeated', () => {
  const headers = { 'x-tenant-id': 'acme', 'x-user-id': '', 'x-workspace-id': ['a', 'b'] };
  expect(tenantContext({ headers })).toStrictEqual({ tenantId: 'acme' });
});

test.for<{ headers: IncomingHttpHeaders }>([
  { headers: {} },
  { headers: { 'x-tenant-id': '' } },
  { headers: { 'x-tenant-id': '  ' } },
  { headers: { 'x-tenant-id': ['acme', 'other'] } },
  { headers: { 'x-user-id': 'u-1' } },
])('refuses $headers with status 400', ({ headers }) => {
  expect(() => tenantContext({ headers })).toThrow(MissingTenantError);
  const client = createGatewayClient({ pluginId: 'plugin-analytics', gatewayUrl: 'http://gateway' });
  expect(() => client.forRequest({ headers })).toThrow(
    expect.objectContaining({
      statusCode: 400,
      code: 'missing-tenant',
      message: 'Missing X-Tenant-ID header',
    }),
  );
});
