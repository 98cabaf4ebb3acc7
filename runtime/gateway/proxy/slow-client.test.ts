import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { openConnection, type RawConnection } from '../testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { echo, startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

/** How long a plugin may be silent, and a client idle. */
const LIMITS = { plugin: 100, client: 600 };
const PIECE = Buffer.alloc(64 * 1024, 'x');

let plugin: TestPlugin;
let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  plugin = await startPlugin();
  gateway = await startGateway({
    plugins: [CRM],
    upstreams: { 'plugin-crm': plugin.url },
    settings: { 'plugin-crm': { timeout: LIMITS.plugin } },
    config: { timeout: LIMITS.client, circuit: { failures: 1, window: 10_000, open: 60_000 } },
  });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});
beforeEach(() => {
  plugin.answer = echo;
});

it('a client that does not read is let go after a while, and the plugin is not blamed', async () => {
  const flow = flood();
  const client = await idleClient();
  const before = performance.now();
  const response = await flow.begun;
  await once(response, 'close');
  expect(performance.now() - before).toBeGreaterThan(LIMITS.client);
  await once(client.socket.resume(), 'close');
  expect(gateway.context.instances.healthOf('plugin-crm').instances).toMatchObject([{ circuit: 'closed' }]);
  await vi.waitFor(() => expect(inFlight()).toBe(0));
});

it('what a client does not read is not kept for it', async () => {
  const flow = flood();
  const before = process.memoryUsage().rss;
  const clients = await Promise.all(Array.from({ length: 8 }, idleClient));
  await flow.begun;
  // Without a limit, plugins on this machine send some hundred megabytes in that time.
  await new Promise((resolve) => setTimeout(resolve, LIMITS.client / 2));
  expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
  const sent = flow.sent();
  await new Promise((resolve) => setTimeout(resolve, LIMITS.client / 4));
  expect(flow.sent()).toBe(sent);
  for (const { socket } of clients) socket.destroy();
});

it('a client that reads slowly, but reads, has the whole answer', async () => {
  const size = 8 * 1024 * 1024;
  plugin.answer = (_, response) => void response.end(Buffer.alloc(size, 'x'));
  const client = await idleClient();
  let received = 0;
  client.socket.on('data', (chunk) => {
    received += chunk.length;
    client.socket.pause();
  });
  const sipping = setInterval(() => client.socket.resume(), 10);
  await vi.waitFor(() => expect(received).toBeGreaterThan(size), 20_000);
  clearInterval(sipping);
  client.socket.destroy();
});

it('a client that never reads the end of an answer is let go too', async () => {
  // Small enough to wait in the gateway as a whole: the plugin is done at once.
  plugin.answer = (_, response) => void response.end(PIECE.subarray(0, 8 * 1024));
  const asked = plugin.seen.length;
  const client = await idleClient();
  // One after the other, until the buffers of the system are full and one cannot be written to its end.
  for (let count = 1; await isOver(asked + count); count += 1) client.write(head());
  const before = performance.now();
  await vi.waitFor(() => expect(inFlight()).toBe(0), 5_000);
  expect(performance.now() - before).toBeGreaterThan(LIMITS.client - 2 * LIMITS.plugin);
  await once(client.socket.resume(), 'close');
  expect(gateway.context.instances.healthOf('plugin-crm').instances).toMatchObject([{ circuit: 'closed' }]);
});

const inFlight = () => gateway.context.isolation.report()[0]?.inFlight;

/** Whether the last of so many requests is answered within a time that is shorter than the limits. */
async function isOver(asked: number): Promise<boolean> {
  await vi.waitFor(() => expect(plugin.seen).toHaveLength(asked), { interval: 2 });
  return vi
    .waitFor(() => expect(inFlight()).toBe(0), { timeout: LIMITS.plugin, interval: 2 })
    .then(
      () => true,
      () => false,
    );
}

/** A client that asks, and does not read. */
async function idleClient(): Promise<RawConnection> {
  const client = await openConnection(gateway.port);
  client.socket.pause();
  client.write(head());
  return client;
}

function head(): string {
  return (
    'GET /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nHost: x\r\n' +
    `Authorization: Bearer ${token}\r\n\r\n`
  );
}

/** Answers without an end, as fast as they are taken. */
function flood(): { readonly begun: Promise<ServerResponse>; sent(): number } {
  let sent = 0;
  const begun = new Promise<ServerResponse>((resolve) => {
    plugin.answer = (_, response) => {
      resolve(response);
      const write = () => {
        while (!response.destroyed && response.write(PIECE)) sent += PIECE.length;
      };
      response.on('drain', write);
      write();
    };
  });
  return { begun, sent: () => sent };
}
