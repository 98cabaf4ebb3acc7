import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { kafkaIsMissing, sharedKafka } from '../../../test/support/kafka/shared-kafka.ts';
import { configOf } from '../config/testing/config-of.ts';
import { ask, cloudEvent } from '../events/testing/events-api.ts';
import { issuePlatformToken } from '../identity/platform-token.ts';
import { createTokenSigner } from '../identity/signed-token.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

/** A broker that hangs up on everybody, until a test has it answer. */
let broker: Server;
let accept: (socket: Socket) => void;
let plugin: TestPlugin;
let gateway: TestGateway;

beforeEach(async () => {
  accept = (socket) => socket.destroy();
  broker = createServer((socket) => accept(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(broker, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = broker.address() as AddressInfo;
  const kafka = {
    kind: 'kafka',
    brokers: [`127.0.0.1:${port}`],
    clientId: 'test',
    prefix: `test-${randomUUID()}`,
    partitions: 1,
    replicationFactor: undefined,
    tls: undefined,
    sasl: undefined,
  } as const;
  plugin = await startPlugin();
  gateway = await startGateway({
    plugins: [{ id: 'sample-analytics', hooks: ['user.login'] }],
    upstreams: { 'sample-analytics': plugin.url },
    config: { events: { ...configOf('').events, transport: kafka } },
  });
});
afterEach(async () => {
  await gateway.close();
  await plugin.close();
  broker.close();
});

async function login(): Promise<{ status: number; body: unknown }> {
  const { token } = await issuePlatformToken(createTokenSigner(gateway.keys, Date.now));
  const event = { source: '/platform', type: 'user.login', data: { userId: 'ada' } };
  return await ask(gateway.url, token, '/events', cloudEvent(event));
}

it('a gateway whose Kafka does not answer serves requests, says so, and asks again', async () => {
  expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
  const line = await gateway.journal.until('wait for Kafka');
  expect(line).toMatchObject({ level: 40, reason: expect.stringContaining('Kafka does not answer at') });
  expect(await login()).toMatchObject({ status: 503, body: { code: 'events-unavailable' } });
  await gateway.journal.until('wait for Kafka');
}, 30_000);

it.skipIf(kafkaIsMissing !== undefined)(
  'and takes part once Kafka answers',
  async () => {
    const [first = ''] = await sharedKafka();
    const [host, port] = first.split(':');
    accept = (socket) => {
      const real = connect(Number(port), host);
      real.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      socket.on('close', () => real.destroy());
      socket.pipe(real).pipe(socket);
    };
    await vi.waitFor(async () => expect((await login()).status).toBe(202), {
      timeout: 60_000,
      interval: 200,
    });
    await vi.waitUntil(() => plugin.seen.length > 0, 60_000);
    expect(plugin.seen[0]).toMatchObject({ target: '/hooks/user.login' });
  },
  200_000,
);
