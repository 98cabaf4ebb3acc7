/** The plugin behind both proxies: answers any GET with 114 bytes. Prints its address once it listens. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const body = JSON.stringify({
  success: true,
  data: { id: 'contact-1', name: 'Ada Lovelace', note: 'x'.repeat(32) },
}).padEnd(114);

const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(request.url?.endsWith('/health') ? '{"status":"ok"}' : body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // a TCP server that listens has an address object
  console.log(`http://127.0.0.1:${port}`);
});
