import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ANALYTICS, CRM, route } from '../../runtime/gateway/testing/start-gateway.ts';
import { echo, startPlugin } from '../../runtime/gateway/testing/start-plugin.ts';
import { valuesOf } from './support/read-answers.ts';
import { register } from './support/register.ts';
import { type Bystander, startBystander } from './support/start-bystander.ts';
import { last, startTarget, type Target } from './support/start-target.ts';

let bystander: Bystander;
let target: Target;
let asLoop: string;
beforeAll(async () => {
  bystander = await startBystander();
  const routes = [route('GET /public', { auth: false }), route('GET /health', { auth: false })];
  target = await startTarget({
    plugins: [CRM, { ...ANALYTICS, id: 'plugin-loop', routes, edges: [], requires: [] }],
    validation: {},
    settings: {
      'plugin-loop': {
        allowRegistration: ['http://127.0.0.1:*'],
        limits: { maxConcurrent: 8, maxQueue: 0, queueTimeout: 100 },
      },
    },
    config: { timeout: 1_000, health: { interval: 200, timeout: 500, slow: 400, rise: 1, fall: 1 } },
  });
  const token = await target.gateway.pluginToken('plugin-loop');
  target.keepSecret(token);
  asLoop = `Authorization: Bearer ${token}`;
});
afterAll(async () => {
  await target.close();
  await bystander.close();
});

const loopAt = (baseUrl: string) =>
  register(target, { pluginId: 'plugin-loop', baseUrl, services: [] }, asLoop);
const statesOfLoop = () =>
  target.gateway.context.instances.healthOf('plugin-loop').instances.map(({ state }) => state);

describe('a redirect is not followed', () => {
  const elsewhere = () => [
    `http://${bystander.host}/health`,
    `//${bystander.host}/health`,
    `http://${bystander.host}/info`,
  ];

  it('by a health check, or by the question for a version', async () => {
    const statuses = [301, 302, 303, 307, 308, 300];
    const redirecting = createServer((request, response) => {
      const count = statuses.shift() ?? 302;
      if (request.url === '/health' && statuses.length === 0) {
        response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
        return;
      }
      response
        .writeHead(count, { location: elsewhere()[count % 3] ?? '', refresh: `0; url=${elsewhere()[0]}` })
        .end();
    });
    redirecting.listen(0, '127.0.0.1');
    await once(redirecting, 'listening');
    // A listening TCP server has an address with a port.
    const { port } = redirecting.address() as AddressInfo;
    expect((await loopAt(`http://127.0.0.1:${port}`)).status).toBe(201);
    await vi.waitFor(() => expect([statuses, statesOfLoop()]).toEqual([[], ['HEALTHY']]), 5_000);
    expect(bystander.asked).toEqual([]);
    await target.send(last('DELETE /services/plugin-loop', asLoop));
    redirecting.close();
    redirecting.closeAllConnections();
  });

  it.each([300, 301, 302, 303, 305, 307, 308])('by a call: %i goes to the client', async (status) => {
    for (const location of elsewhere()) {
      target.crm.answer = (_, response) => void response.writeHead(status, { location }).end();
      const { answer } = await target.ask(last('GET /plugin-crm/contacts', target.asAda));
      expect([answer.status, valuesOf(answer, 'location')]).toEqual([status, [location]]);
    }
    expect(bystander.asked).toEqual([]);
  });
});

it('nothing that a client says leads a call to somebody else', async () => {
  target.crm.answer = echo;
  const host = bystander.host;
  for (const lines of [
    [`X-Forwarded-Host: ${host}`],
    [`X-Host: ${host}`],
    [`X-Original-URL: http://${host}/`],
    [`X-Rewrite-URL: http://${host}/`],
    [`Forwarded: host=${host}`],
    [`Proxy: http://${host}`],
    [`Location: http://${host}`],
    [`Destination: http://${host}`],
    [`X-Upstream: http://${host}`],
    [`X-Plexica-Base-URL: http://${host}`],
  ]) {
    const { answer, arrived } = await target.ask(
      last(`GET /plugin-crm/contacts?url=http://${host}/`, target.asAda, ...lines),
    );
    expect([answer.status, arrived.length]).toEqual([200, 1]);
  }
  const [other] = await target.send(
    last('GET /plugin-crm/contacts', target.asAda).replace('gateway.example', host),
  );
  expect(other?.status).toBe(200);
  expect(bystander.asked).toEqual([]);
});

it('a plugin that registers the gateway itself spends its own places alone', async () => {
  const real = await startPlugin();
  for (const baseUrl of [
    real.url.origin,
    `http://127.0.0.1:${target.gateway.port}/api/plugin-gateway/plugin-loop`,
  ]) {
    expect((await loopAt(baseUrl)).status).toBe(201);
    await vi.waitFor(() => expect(statesOfLoop().every((state) => state === 'HEALTHY')).toBe(true), 5_000);
  }
  expect(statesOfLoop()).toHaveLength(2);
  real.answer = () => undefined;
  const asked = Array.from({ length: 6 }, () => target.send(last('GET /plugin-loop/public')));
  await vi.waitFor(() => expect(real.seen.length).toBeGreaterThan(0));
  const { answer } = await target.ask(last('GET /plugin-crm/contacts', target.asAda));
  expect(answer.status).toBe(200);
  for (const answers of await Promise.all(asked)) expect(answers[0]?.status).toBeGreaterThanOrEqual(502);
  expect(real.seen.length).toBeLessThanOrEqual(16);
  await target.send(last('DELETE /services/plugin-loop', asLoop));
  await real.close();
});
