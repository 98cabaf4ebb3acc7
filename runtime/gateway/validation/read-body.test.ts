import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConnection, type RawConnection } from '../testing/raw-connection.ts';
import { readBody } from './read-body.ts';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close().closeAllConnections());

async function begin(text: string): Promise<{ client: RawConnection; request: IncomingMessage }> {
  const arriving = once(server, 'request');
  const client = await openConnection(port);
  client.write(`POST / HTTP/1.1\r\nHost: x\r\n${text}`);
  const [request] = await arriving;
  return { client, request };
}

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const listeners = (request: IncomingMessage) =>
  ['data', 'end', 'close', 'error'].map((event) => request.listenerCount(event));

it('gives what came, in one piece', async () => {
  const { client, request } = await begin('Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
  const reading = readBody(request, 100, 60_000);
  client.write('2\r\nbc\r\n0\r\n\r\n');
  expect(String(await reading)).toBe('abc');
});

it('of an empty one, gives nothing', async () => {
  const { request } = await begin('Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n');
  expect(await readBody(request, 100, 60_000)).toHaveLength(0);
});

it.each(['in the middle', 'before it is read'])(
  'leaves nothing behind of a client that goes %s',
  async (when) => {
    const { client, request } = await begin('Content-Length: 100\r\n\r\npart');
    const before = { timers: timers(), listeners: listeners(request) };
    if (when === 'before it is read') {
      client.socket.destroy();
      await new Promise((resolve) => request.once('close', resolve));
    }
    const reading = readBody(request, 100, 60_000);
    if (when === 'in the middle') {
      await once(request, 'data');
      client.socket.destroy();
    }
    await expect(reading).rejects.toMatchObject({ code: 'client-gone', status: 499 });
    expect(listeners(request)).toEqual(before.listeners);
    expect(timers()).toBeLessThanOrEqual(before.timers);
  },
);
