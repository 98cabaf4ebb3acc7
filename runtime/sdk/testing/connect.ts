import type { IncomingHttpHeaders } from 'node:http';
import type { BoundGatewayClient } from '../bound-gateway-client.ts';
import { createGatewayClient, type GatewayClientOptions } from '../gateway-client.ts';
import { instantTiming } from './manual-timing.ts';
import type { TestServer } from './test-server.ts';

/** A client of the server on behalf of a request of the tenant `acme`; delays go by at once unless stated. */
export function connect(
  server: Pick<TestServer, 'url'>,
  options: Partial<GatewayClientOptions> = {},
  headers: IncomingHttpHeaders = {},
): BoundGatewayClient {
  const client = createGatewayClient({
    pluginId: 'plugin-analytics',
    gatewayUrl: server.url,
    token: 'secret-token',
    timing: instantTiming(),
    ...options,
  });
  return client.forRequest({ headers: { 'x-tenant-id': 'acme', ...headers } });
}
