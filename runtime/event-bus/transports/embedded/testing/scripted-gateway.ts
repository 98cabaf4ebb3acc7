import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { GatewayPort } from '../gateway-port.ts';

/** What a client of the gateway sent. */
export interface Asked {
  /** Below the base path, with its query. */
  readonly path: string;
  readonly token: string | undefined;
  readonly body: string;
}

/** A gateway's stand-in on a real socket that misbehaves as it is told, and a client of it. */
export interface ScriptedGateway extends GatewayPort {
  readonly asked: readonly Asked[];
  askedFor(path: string): readonly Asked[];
  token: string;
}

/** Answers until the test is over. */
export async function startScriptedGateway(
  answer: (asked: Asked, response: ServerResponse) => void,
): Promise<ScriptedGateway> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const { url = '', headers } = request;
    const one = { path: url, token: headers.authorization, body: await text(request) };
    asked.push(one);
    answer(one, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  const gateway: ScriptedGateway = {
    asked,
    askedFor: (path) => asked.filter((one) => one.path.split('?')[0] === path),
    token: 'first',
    pluginId: 'plugin-analytics',
    request: (path, init = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        ...init,
        headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: gateway.token },
      }),
  };
  return gateway;
}

export function accept(response: ServerResponse, data: unknown = {}): void {
  response.end(JSON.stringify({ success: true, data }));
}

export function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status)
    .end(JSON.stringify({ success: false, error: `no: ${code}`, code, requestId: 'r' }));
}
