import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A plugin whose answers are bytes that a test writes itself. It is well when asked. */
export interface RawPlugin {
  readonly url: URL;
  /** How many connections brought requests; health checks have connections of their own. */
  readonly connections: number;
  /** The heads of the requests that came, and what came with them. */
  readonly seen: readonly string[];
  /** Called for every request, with how many came on its connection, this one among them. */
  reply: (socket: Socket, request: string, number: number) => void;
  /** Nothing listens any more, and connections break. */
  close(): Promise<void>;
}

const WELL = 'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"status":"ok"}';

/** A whole answer. */
export function answerOf(body: string, ...headers: string[]): string {
  return ['HTTP/1.1 200 OK', `Content-Length: ${body.length}`, ...headers, '', body].join('\r\n');
}

/** Tells requests apart where each comes in one piece, as short ones without a body do. */
export async function startRawPlugin(): Promise<RawPlugin> {
  const sockets = new Set<Socket>();
  const seen: string[] = [];
  let connections = 0;
  const server: Server = createServer((socket) => {
    let count = 0;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const request = chunk.toString('latin1');
      if (/^GET \/(?:health|info) /.test(request)) return void socket.write(WELL);
      count += 1;
      if (count === 1) connections += 1;
      seen.push(request);
      plugin.reply(socket, request, count);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;

  const plugin: RawPlugin = {
    url: new URL(`http://127.0.0.1:${port}`),
    get connections() {
      return connections;
    },
    seen,
    reply: (socket) => void socket.write(answerOf('ok')),
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return plugin;
}
