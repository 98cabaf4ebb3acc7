import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request as it came over the wire. */
export interface Received {
  readonly method: string;
  /** Path and query, undecoded. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `drop` breaks the connection; `hang` never answers. */
export type Reply = 'drop' | 'hang' | WrittenReply;

interface WrittenReply {
  /** 200 unless stated. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly text?: string;
  /** Sent as JSON; wins over `text`. */
  readonly json?: unknown;
}

/** A gateway's stand-in on a real socket. */
export interface TestServer {
  readonly url: string;
  readonly received: readonly Received[];
  /** Stops listening and breaks what is open, as a process that ends. */
  close(): Promise<void>;
}

/**
 * Listens until the test is over.
 *
 * @param answer `count` is that of the request, from 1
 */
export async function startServer(
  answer: (request: Received, count: number) => Reply | Promise<Reply>,
): Promise<TestServer> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const read = { method, url, headers, body: await text(request) };
    const count = received.push(read);
    send(response, await answer(read, count));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(close);
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, received, close };
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === 'hang') return;
  if (reply === 'drop') {
    response.destroy();
    return;
  }
  const body = 'json' in reply ? JSON.stringify(reply.json) : reply.text;
  response.writeHead(reply.status ?? 200, reply.headers).end(body);
}
