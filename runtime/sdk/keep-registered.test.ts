import { expect, test } from 'vitest';
import { createGatewayClient } from './gateway-client.ts';
import { registerWithGateway } from './register-with-gateway.ts';
import { contactsEndpoint } from './testing/endpoints.ts';
import { manualTiming } from './testing/manual-timing.ts';
import { type Reply, startServer } from './testing/test-server.ts';

const HOUR = 3_600_000;
const refusal = (status: number): Reply => ({ status, json: { success: false, error: 'no', code: 'no' } });

/**
 * A gateway whose tokens are good for 12 hours, hears heartbeats once an hour, and refuses tokens that have ended;
 * and a plugin that is registered there, whose own token never ends.
 */
async function register() {
  const timing = manualTiming();
  const ends = new Map([['own', Number.POSITIVE_INFINITY]]);
  const requests: string[] = [];
  let trouble: (line: string) => Reply | undefined = () => undefined;
  let isDown = false;
  const server = await startServer(({ method, url, headers }) => {
    if (isDown) return 'drop';
    const name = url.split('/').at(-1);
    const token = String(headers.authorization).replace('Bearer ', '');
    requests.push(`${name} with ${token}`);
    if ((ends.get(token) ?? 0) <= timing.time) return refusal(401);
    const line = `${method} ${name}`;
    if (line !== 'POST register') return trouble(line) ?? { json: { success: true, data: {} } };
    const given = `token-${ends.size}`;
    const expiresAt = timing.time + 12 * HOUR;
    const refused = trouble(line);
    if (refused !== undefined) return refused;
    ends.set(given, expiresAt);
    const data = {
      token: given,
      expiresAt: new Date(expiresAt).toISOString(),
      heartbeat: { intervalMs: HOUR },
    };
    return { status: 201, json: { success: true, data } };
  });
  const gateway = createGatewayClient({
    pluginId: 'plugin-crm',
    gatewayUrl: server.url,
    token: 'own',
    timing,
    retry: false,
  });
  const log: string[] = [];
  await registerWithGateway(gateway, {
    services: [{ name: 'crm.contacts', version: '1.0.0', endpoints: [] }],
    port: 3300,
    log: { info: (line) => log.push(line), warn: (line) => log.push(line) },
  });
  let delay = await timing.next();
  const bound = gateway.forRequest({ headers: { 'x-tenant-id': 'acme' } });
  return {
    requests,
    log,
    call: () => bound.call(contactsEndpoint()),
    go: (state: { readonly down: boolean }) => {
      isDown = state.down;
    },
    answer: (how: typeof trouble) => {
      trouble = how;
    },
    /** Resolves when the plugin waits for the next hour. */
    async pass(hours: number) {
      for (let hour = 0; hour < hours; hour += 1) {
        timing.time += delay.milliseconds;
        delay.elapse();
        delay = await timing.next();
      }
    },
  };
}

test('a plugin that runs for a week never holds a token that has ended', async () => {
  const { pass, call, requests } = await register();
  for (let hour = 0; hour < 7 * 24; hour += 1) {
    await pass(1);
    await call();
  }
  const registrations = requests.filter((request) => request.startsWith('register'));
  // Twice a day would be too late, more often than every six hours too often.
  expect(registrations).toHaveLength(1 + (7 * 24) / 6);
  expect(registrations.slice(0, 3)).toEqual([
    'register with own',
    'register with token-1',
    'register with token-2',
  ]);
  expect(requests.slice(-1)).toEqual([`contacts with token-${registrations.length}`]);
});

test('a gateway that is away when a token is renewed is asked again, before the token ends', async () => {
  const { pass, go, call, requests, log } = await register();
  await pass(5);
  go({ down: true });
  await pass(5);
  go({ down: false });
  await call();
  expect(requests.at(-1)).toBe('contacts with token-1');
  await pass(1);
  await call();
  expect(requests.slice(-2)).toEqual(['register with token-1', 'contacts with token-2']);
  expect(log.join()).toContain('the token of plugin-crm could not be renewed');
});

test('a token that ended while the gateway was away is replaced by the one that the plugin was made with', async () => {
  const { pass, go, call, requests } = await register();
  go({ down: true });
  await pass(20);
  go({ down: false });
  await expect(call()).rejects.toMatchObject({ status: 401 });
  await pass(1);
  await call();
  expect(requests.slice(-4)).toEqual([
    'register with token-1',
    'heartbeat with token-1',
    'register with own',
    'contacts with token-2',
  ]);
});

test('a renewal that is refused leaves the instance alive, with the token that it has', async () => {
  const { pass, answer, call, requests } = await register();
  answer((line) => (line === 'POST register' ? refusal(409) : undefined));
  await pass(7);
  await call();
  expect(requests.slice(-3)).toEqual([
    'register with token-1',
    'heartbeat with token-1',
    'contacts with token-1',
  ]);
});
