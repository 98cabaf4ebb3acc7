import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something on this machine that the gateway has no business with. */
export interface Bystander {
  readonly host: string;
  readonly port: number;
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export async function startBystander(): Promise<Bystander> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json').end('{"status":"ok","secret":"of the bystander"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    port,
    asked,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
