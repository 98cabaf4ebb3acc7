import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { createGatewayClient } from './gateway-client.ts';
import { type RegistrationOptions, registerWithGateway } from './register-with-gateway.ts';
import { manualTiming } from './testing/manual-timing.ts';
import { type Received, type Reply, startServer } from './testing/test-server.ts';

const SERVICES = [
  { name: 'crm.contacts', version: '1.0.0', endpoints: [{ method: 'GET', path: '/contacts' }] },
  { name: 'crm.deals', version: '2.0.0', endpoints: [] },
] as const;
const REGISTER = 'POST /api/plugin-gateway/services/register';
const BEAT = 'POST /api/plugin-gateway/services/plugin-crm/heartbeat';
const OUT = ['contacts', 'deals'].map(
  (name) =>
    `DELETE /api/plugin-gateway/services/plugin-crm/crm.${name}?baseUrl=http%3A%2F%2Flocalhost%3A3300`,
);

const taken = (data: object = {}): Reply => ({
  status: 201,
  json: { success: true, data: { heartbeat: { intervalMs: 10_000 }, ...data } },
});
const refusal = (status: number, error: string, headers = {}): Reply => ({
  status,
  headers,
  json: { success: false, error, code: 'refused' },
});
const lineOf = ({ method, url }: Received) => `${method} ${url}`;

/** A gateway that takes everything unless `answer` says otherwise, and a plugin that has yet to register. */
async function prepare(answer: (line: string, count: number) => Reply | undefined = () => undefined) {
  const server = await startServer((request, count) => {
    const line = lineOf(request);
    return answer(line, count) ?? (line === REGISTER ? taken() : { json: { success: true, data: {} } });
  });
  const timing = manualTiming();
  const log: string[] = [];
  const gateway = createGatewayClient({
    pluginId: 'plugin-crm',
    gatewayUrl: server.url,
    token: 'own',
    timing,
  });
  return {
    server,
    timing,
    log,
    lines: () => server.received.map(lineOf),
    tokens: () => server.received.map(({ headers }) => headers.authorization?.replace('Bearer ', '')),
    register: (options: Partial<RegistrationOptions> = {}) =>
      registerWithGateway(gateway, {
        services: SERVICES,
        port: 3300,
        log: { info: (line) => log.push(line), warn: (line) => log.push(line) },
        ...options,
      }),
  };
}

test("sends the guide's registration", async () => {
  const { server, register, log } = await prepare();
  const { baseUrl } = await register();
  expect(baseUrl).toBe('http://localhost:3300');
  expect(server.received.map(lineOf)).toEqual([REGISTER]);
  expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({
    pluginId: 'plugin-crm',
    services: SERVICES.map((service) => ({ ...service, baseUrl })),
  });
  expect(log).toEqual([`registered plugin-crm at ${server.url} as http://localhost:3300`]);
});

test('a plugin without services says by itself where it is, and takes itself out', async () => {
  const { server, register, lines } = await prepare();
  const registration = await register({ services: [] });
  expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({
    pluginId: 'plugin-crm',
    baseUrl: 'http://localhost:3300',
    services: [],
  });
  await registration.close();
  expect(lines()).toEqual([
    REGISTER,
    'DELETE /api/plugin-gateway/services/plugin-crm?baseUrl=http%3A%2F%2Flocalhost%3A3300',
  ]);
});

test('a base URL wins over a port, and one of them must be given', async () => {
  const { register, server } = await prepare();
  expect(await register({ baseUrl: 'http://crm:80' })).toMatchObject({ baseUrl: 'http://crm:80' });
  await expect(register({ port: undefined })).rejects.toThrow('needs a baseUrl or a port');
  expect(server.received).toHaveLength(1);
});

test('waits for a gateway that is not up yet', async () => {
  const replies: Reply[] = ['drop', { status: 502 }, refusal(429, 'slow down', { 'retry-after': '3' })];
  const { timing, register, lines, log } = await prepare((_, count) => replies[count - 1]);
  const registered = register();
  for (const milliseconds of [100, 200, 3400]) {
    const delay = await timing.next();
    expect(delay).toMatchObject({ milliseconds, background: false });
    delay.elapse();
  }
  await registered;
  expect(lines()).toEqual([REGISTER, REGISTER, REGISTER, REGISTER]);
  expect(log).toHaveLength(4);
  expect(log[2]).toContain('slow down');
});

test.for([400, 401, 403, 409, 422])("rejects with the gateway's words at status %i", async (status) => {
  const { register, lines } = await prepare(() => refusal(status, 'version 3.0.0 is not in the manifest'));
  await expect(register()).rejects.toMatchObject({
    name: 'ServiceCallError',
    status,
    code: 'refused',
    message: expect.stringContaining('version 3.0.0 is not in the manifest'),
  });
  expect(lines()).toEqual([REGISTER]);
});

test.for([{}, { heartbeat: {} }, { heartbeat: { intervalMs: 0 } }, { heartbeat: { intervalMs: 2 ** 31 } }])(
  'rejects an answer without a usable interval: %j',
  async (data) => {
    const { register } = await prepare(() => ({ json: { success: true, data } }));
    await expect(register()).rejects.toMatchObject({ code: 'bad-answer' });
  },
);

test('gives up waiting at the signal', async () => {
  const abort = new AbortController();
  const { timing, register, lines } = await prepare(() => 'drop');
  const registered = register({ signal: abort.signal });
  await timing.next();
  abort.abort(new Error('shutting down'));
  await expect(registered).rejects.toThrow('shutting down');
  expect(lines()).toEqual([REGISTER]);
});

test('sends heartbeats, with the token that came last', async () => {
  const beats = ['b1', undefined].map((token) => ({ json: { success: true, data: { token } } }));
  const { timing, register, server, lines, tokens } = await prepare((line, count) =>
    line === REGISTER ? taken({ token: 'given' }) : beats[count - 2],
  );
  await register();
  for (let beat = 0; beat < 3; beat += 1) {
    const delay = await timing.next();
    expect(delay).toMatchObject({ milliseconds: 10_000, background: true });
    delay.elapse();
  }
  await timing.next();
  expect(lines()).toEqual([REGISTER, BEAT, BEAT, BEAT]);
  expect(server.received.slice(1).map(({ body }) => body)).toEqual(
    Array(3).fill('{"baseUrl":"http://localhost:3300"}'),
  );
  expect(tokens()).toEqual(['own', 'given', 'b1', 'b1']);
});

test.for([
  { status: 404, tokens: ['own', 'given', 'given', 'again'] },
  { status: 401, tokens: ['own', 'given', 'own', 'again'] },
])('registers again where a heartbeat is answered with $status', async ({ status, tokens: expected }) => {
  const given = ['given', '', 'again'];
  const { timing, register, lines, tokens } = await prepare((line, count) => {
    if (line === REGISTER) return taken({ token: given[count - 1] });
    return count === 2 ? refusal(status, 'unknown instance') : undefined;
  });
  await register();
  for (let beat = 0; beat < 2; beat += 1) (await timing.next()).elapse();
  await timing.next();
  expect(lines()).toEqual([REGISTER, BEAT, REGISTER, BEAT]);
  expect(tokens()).toEqual(expected);
});

test('a heartbeat that fails otherwise is told, and the next one is sent', async () => {
  const { timing, register, lines, log } = await prepare((_, count) =>
    count === 2 ? { status: 503 } : undefined,
  );
  await register();
  for (let beat = 0; beat < 2; beat += 1) (await timing.next()).elapse();
  await timing.next();
  expect(lines()).toEqual([REGISTER, BEAT, BEAT]);
  expect(log[1]).toContain('status 503');
});

test('a gateway that refuses an instance later is asked again at the next beat', async () => {
  const { timing, register, lines, log } = await prepare((_, count) => {
    if (count === 2) return refusal(404, 'unknown instance');
    return count === 3 ? refusal(409, 'another version') : undefined;
  });
  await register();
  for (let beat = 0; beat < 2; beat += 1) (await timing.next()).elapse();
  await timing.next();
  expect(lines()).toEqual([REGISTER, BEAT, REGISTER, BEAT]);
  expect(log[2]).toContain('plugin-crm could not register again');
});

test('registers again before its token ends', async () => {
  const { timing, register, lines } = await prepare((line) =>
    line === REGISTER
      ? taken({ token: 't', expiresAt: new Date(timing.time + 35_000).toISOString() })
      : undefined,
  );
  await register();
  for (let beat = 0; beat < 2; beat += 1) {
    const delay = await timing.next();
    timing.time += delay.milliseconds;
    delay.elapse();
  }
  await timing.next();
  expect(lines()).toEqual([REGISTER, BEAT, REGISTER]);
});

test('close() takes every service out, once', async () => {
  const { register, lines } = await prepare();
  const registration = await register();
  await Promise.all([registration.close(), registration.close()]);
  await registration.close();
  expect(lines()).toEqual([REGISTER, ...OUT]);
});

test('close() does not mind a service that is out already', async () => {
  const { register, lines, log } = await prepare((line) =>
    line.startsWith('DELETE') ? refusal(404, 'unknown instance') : undefined,
  );
  await (await register()).close();
  expect(lines()).toEqual([REGISTER, ...OUT]);
  expect(log).toHaveLength(1);
});

test('close() tells of a gateway that is away, and does not reject', async () => {
  const { register, server, log } = await prepare();
  const registration = await register();
  await server.close();
  await registration.close();
  expect(log[1]).toMatch(/^plugin-crm could not be taken out at the gateway: .*ECONNREFUSED/);
});

test('close() ends a heartbeat that is under way', async () => {
  const events = new EventEmitter();
  const { timing, register, lines } = await prepare((line) => {
    if (line !== BEAT) return undefined;
    events.emit('beat');
    return 'hang';
  });
  const registration = await register();
  const beating = once(events, 'beat');
  (await timing.next()).elapse();
  await beating;
  await registration.close();
  expect(lines()).toEqual([REGISTER, BEAT, ...OUT]);
});

test('after the signal nothing is kept alive, and close() still takes it out', async () => {
  const abort = new AbortController();
  const { timing, register, lines } = await prepare();
  const registration = await register({ signal: abort.signal });
  await timing.next();
  abort.abort();
  await registration.close();
  expect(lines()).toEqual([REGISTER, ...OUT]);
});
