import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A plugin's backend on a real socket. It answers `GET …/health` and `/info` by itself, and keeps what else reaches it. */
export interface TestPlugin {
  readonly url: URL;
  /** Requests that reached it, in order. What the gateway asks for itself is not among them. */
  readonly seen: readonly SeenRequest[];
  /** Answers from now on; an echo of the body at first. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** How many connections it has had. */
  readonly connections: number;
  close(): Promise<void>;
}

export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
}

/** @param at the port of one that was closed, or any */
export async function startPlugin(at = 0): Promise<TestPlugin> {
  const seen: SeenRequest[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const { method = '', url = '', rawHeaders, headers } = request;
    if (url.endsWith('/health')) {
      response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
      return;
    }
    if (url.endsWith('/info')) {
      response.writeHead(404).end();
      return;
    }
    seen.push({ method, target: url, rawHeaders, headers });
    plugin.answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(at, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;

  const plugin: TestPlugin = {
    url: new URL(`http://127.0.0.1:${port}`),
    seen,
    answer: echo,
    get connections() {
      return connections;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return plugin;
}

/** The body and its type, back again. */
export function echo(request: IncomingMessage, response: ServerResponse): void {
  const type = request.headers['content-type'];
  if (type !== undefined) response.setHeader('content-type', type);
  request.pipe(response);
}
