import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small plugin backend on a real socket, whose behaviour can be changed while it runs. */
export interface Upstream {
  readonly url: URL;
  /** Paths that it was asked for. */
  readonly asked: readonly string[];
  /** Answers to everything from now on. */
  answer: RequestListener;
  /** As a process that ends: connections break, nothing listens. */
  close(): Promise<void>;
  /** Listens again at the same port. */
  reopen(): Promise<void>;
}

export const ok: RequestListener = (_, response) => {
  response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
};

export async function startUpstream(answer: RequestListener = ok): Promise<Upstream> {
  const asked: string[] = [];
  let server = await listen(0);
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;

  const upstream: Upstream = {
    url: new URL(`http://127.0.0.1:${port}`),
    asked,
    answer,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    async reopen() {
      server = await listen(port);
    },
  };
  return upstream;

  async function listen(at: number): Promise<Server> {
    const opened = createServer((request, response) => {
      asked.push(request.url ?? '');
      upstream.answer(request, response);
    });
    opened.listen(at, '127.0.0.1');
    await once(opened, 'listening');
    return opened;
  }
}
