import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { configOf } from '../config/testing/config-of.ts';
import { ask, cloudEvent } from '../events/testing/events-api.ts';
import { issuePlatformToken } from '../identity/platform-token.ts';
import { createTokenSigner } from '../identity/signed-token.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

/** A broker that hangs up on everybody. */
let broker: Server;
let gateway: TestGateway;

beforeEach(async () => {
  broker = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(broker, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = broker.address() as AddressInfo;
  const kafka = {
    kind: 'kafka',
    brokers: [`127.0.0.1:${port}`],
    clientId: 'test',
    prefix: 'test',
    partitions: 1,
    replicationFactor: undefined,
    tls: undefined,
    sasl: undefined,
  } as const;
  gateway = await startGateway({
    plugins: [{ id: 'sample-analytics', hooks: ['user.login'] }],
    config: { events: { ...configOf('').events, transport: kafka } },
  });
});
afterEach(async () => {
  await gateway.close();
  broker.close();
});

it('a gateway whose Kafka does not answer serves requests, says so, and asks again', async () => {
  expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
  const line = await gateway.journal.until('wait for Kafka');
  expect(line).toMatchObject({ level: 40, reason: expect.stringContaining('Kafka does not answer at') });
  await gateway.journal.until('wait for Kafka');
}, 30_000);

it('the platform is told that its event cannot be taken now', async () => {
  const { token } = await issuePlatformToken(createTokenSigner(gateway.keys, Date.now));
  const { status, body } = await ask(
    gateway.url,
    token,
    '/events',
    cloudEvent({ source: '/platform', type: 'user.login', data: { userId: 'ada' } }),
  );
  expect([status, body]).toMatchObject([503, { code: 'events-unavailable' }]);
}, 30_000);
