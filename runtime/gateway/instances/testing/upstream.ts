import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small plugin backend on a real socket, whose behaviour can be changed while it runs. */
export interface Upstream {
  readonly url: URL;
  /** Paths that it was asked for, without `/info`. */
  readonly asked: readonly string[];
  /** Answers to everything else from now on. */
  answer: RequestListener;
  /** Answers to `GET …/info`; 404 at first. */
  info: RequestListener;
  /** How often it was asked for `/info`. */
  readonly infoAsked: number;
  /** As a process that ends: connections break, nothing listens. */
  close(): Promise<void>;
  /** Listens again at the same port. */
  reopen(): Promise<void>;
}

export const ok: RequestListener = (_, response) => {
  response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
};

/** An answer of this, as JSON. */
export function json(value: unknown): RequestListener {
  return (_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  };
}

export async function startUpstream(answer: RequestListener = ok): Promise<Upstream> {
  const asked: string[] = [];
  let infoAsked = 0;
  let server = await listen(0);
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;

  const upstream: Upstream = {
    url: new URL(`http://127.0.0.1:${port}`),
    asked,
    answer,
    info: (_, response) => response.writeHead(404).end(),
    get infoAsked() {
      return infoAsked;
    },
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
      if (request.url?.endsWith('/info')) {
        infoAsked += 1;
        upstream.info(request, response);
        return;
      }
      asked.push(request.url ?? '');
      upstream.answer(request, response);
    });
    opened.listen(at, '127.0.0.1');
    await once(opened, 'listening');
    return opened;
  }
}
