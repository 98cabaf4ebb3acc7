import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openConnection, type RawConnection } from '../testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const LIMIT = 150;

let plugin: TestPlugin;
let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  plugin = await startPlugin();
  gateway = await startGateway({
    plugins: [CRM],
    upstreams: { 'plugin-crm': plugin.url },
    config: { timeout: LIMIT },
  });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});

/** A stream that a client has opened: its head is there, and no event yet. */
async function openStream(
  type = 'text/event-stream',
  at = gateway,
): Promise<{ client: RawConnection; events: ServerResponse }> {
  const opening = new Promise<ServerResponse>((resolve) => {
    plugin.answer = (_, response) => {
      response.writeHead(200, { 'content-type': type }).flushHeaders();
      resolve(response);
    };
  });
  const client = await openConnection(at.port);
  client.write(
    'GET /api/plugin-gateway/plugin-crm/contacts HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n' +
      `Authorization: Bearer ${at === gateway ? token : await at.userToken()}\r\n\r\n`,
  );
  const events = await opening;
  await client.until('\r\n\r\n');
  return { client, events };
}

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it.each(['text/event-stream', 'Text/Event-Stream; charset=utf-8'])(
  'a stream of events (%s) begins before its first event, and may be silent',
  async (type) => {
    const { client, events } = await openStream(type);
    for (const event of ['data: one\n\n', 'data: two\n\n']) {
      await later(LIMIT * 3);
      events.write(event);
      await client.until(event);
    }
    events.end();
    expect(await client.until('\r\n0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
    client.socket.destroy();
  },
);

it('a client that leaves a silent stream ends it', async () => {
  const { client, events } = await openStream();
  await later(LIMIT * 2);
  const ended = once(events, 'close');
  client.socket.destroy();
  await ended;
  await vi.waitFor(() => expect(gateway.context.isolation.report()).toMatchObject([{ inFlight: 0 }]));
});

it('a stream that a plugin breaks off is cut for the client', async () => {
  const { client, events } = await openStream();
  events.write('data: one\n\n', () => events.destroy());
  expect(await client.closed()).not.toContain('\r\n0\r\n\r\n');
});

it('a gateway that stops ends silent streams when its patience is over', async () => {
  const stopping = await startGateway({ plugins: [CRM], upstreams: { 'plugin-crm': plugin.url } });
  const { client, events } = await openStream('text/event-stream', stopping);
  const ended = once(events, 'close');
  await stopping.close(50);
  await client.closed();
  await ended;
});

it('what only looks like one has its limit', async () => {
  plugin.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-streams' }).write('part');
  };
  const answer = await fetch(`${gateway.url}/plugin-crm/contacts`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await expect(answer.text()).rejects.toThrow('terminated');
});
