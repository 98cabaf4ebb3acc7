/**
 * A plugin of the load tests, as a process of its own: it keeps items, registers with the gateway, and ends in order when
 * it is asked to. `BEHAVIOUR` makes it misbehave.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatewayClient, registerWithGateway } from '@plexica/sdk';

const items = new Map<string, string>();
let served = 0;

const server = createServer(async (request, response) => {
  const path = (request.url ?? '').replace(/\?.*/, '');
  if (path === '/health') {
    response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
    return;
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  served += 1;
  const id = path.split('/')[2] ?? '';
  if (request.method === 'PUT') items.set(id, body);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ success: true, data: { id, value: items.get(id) ?? null, served } }));
});
// Longer than the gateway keeps its connections.
server.keepAliveTimeout = 30_000;
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1');
await once(server, 'listening');
// A listening TCP server has an address with a port.
const { port } = server.address() as AddressInfo;
console.log(`listening on ${port}`);

const registration = await registerWithGateway(createGatewayClient({ pluginId: 'plugin-items' }), {
  services: [
    {
      name: 'items',
      version: '1.0.0',
      endpoints: [
        { method: 'GET', path: '/items/:id' },
        { method: 'PUT', path: '/items/:id' },
      ],
    },
  ],
  baseUrl: `http://127.0.0.1:${port}`,
});
console.log('registered');

process.once('SIGTERM', async () => {
  // First nobody new, then those under way, then the end.
  await registration.close();
  server.close();
  server.closeIdleConnections();
  await once(server, 'close');
  process.exit(0);
});
