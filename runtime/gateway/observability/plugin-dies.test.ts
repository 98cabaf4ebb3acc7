import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createGatewayFolder, type GatewayFolder } from '../testing/gateway-folder.ts';
import { ANALYTICS, CRM } from '../testing/start-gateway.ts';
import { type GatewayProcess, startGatewayProcess } from '../testing/start-gateway-process.ts';
import { type Exposed, parseExposition } from './testing/parse-exposition.ts';

const PLUGIN = `
const server = require('node:http').createServer((_, response) => response.end('{"status":"ok"}'));
server.listen(Number(process.argv[1]), '127.0.0.1', () => console.log(server.address().port));
`;

let folder: GatewayFolder;
let crm: ChildProcess;
let port: number;
let gateway: GatewayProcess;
let authorization: string;
beforeEach(async () => {
  await startCrm(0);
  folder = await createGatewayFolder();
  await folder.writeTable([CRM, ANALYTICS]);
  await folder.writeYaml({
    upstreams: {
      'plugin-crm': { urls: [`http://127.0.0.1:${port}`] },
      // One program may serve several plugins.
      'plugin-analytics': { urls: [`http://localhost:${port}`] },
    },
    health: { interval: '1s', rise: 1, fall: 2 },
  });
  gateway = await startGatewayProcess(folder);
  await gateway.until('plugin-crm-1 was UNKNOWN and is HEALTHY');
  authorization = `Bearer ${await folder.userToken('gateway:admin')}`;
});
afterEach(async () => {
  gateway.child.kill('SIGTERM');
  await gateway.ended();
  crm.kill('SIGKILL');
  await folder.remove();
});

async function startCrm(at: number): Promise<void> {
  crm = spawn(process.execPath, ['-e', PLUGIN, String(at)], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (crm.stdout === null) throw new Error('it has no output');
  const [line] = await once(crm.stdout, 'data');
  port = Number(line);
}

async function call(): Promise<number> {
  const answer = await fetch(`${gateway.url}/plugin-crm/contacts`, { headers: { authorization } });
  await answer.arrayBuffer();
  return answer.status;
}

async function scrape(): Promise<Exposed> {
  return parseExposition(await (await fetch(`${gateway.url}/metrics`)).text());
}

/** The data of one of the gateway's own endpoints. */
async function ask(path: string) {
  const answer = await fetch(`${gateway.url}${path}`, { headers: { authorization } });
  // Both have the shape of their endpoints; the tests look at it.
  return ((await answer.json()) as { data: Record<string, unknown> }).data;
}

const state = (metrics: Exposed, name: string, labels: Record<string, string>) =>
  metrics.series(name, labels).find(({ value }) => value === 1)?.labels.state;
const requests = (metrics: Exposed, status: string) =>
  metrics.value('plexica_requests_total', {
    plugin: 'plugin-crm',
    endpoint: 'GET /contacts',
    caller: 'user',
    status,
  }) ?? 0;
const complaints = () => gateway.lines().filter(({ level }) => Number(level) >= 40);

it('an operator sees a plugin die and come back: in the log, in the metrics, in every status', async () => {
  // All is well.
  expect(await call()).toBe(200);
  const well = await scrape();
  expect(state(well, 'plexica_plugin_state', { plugin: 'plugin-crm' })).toBe('HEALTHY');
  expect(requests(well, '200')).toBe(1);
  expect(complaints()).toEqual([]);

  // The process dies.
  crm.kill('SIGKILL');
  await once(crm, 'exit');
  expect(await gateway.until('plugin-crm-1 was HEALTHY and is UNAVAILABLE')).toMatchObject({
    level: 40,
    pluginId: 'plugin-crm',
    instance: 'plugin-crm-1',
    reason: expect.stringContaining('refused'),
  });
  const statuses = new Set<number>();
  for (let index = 0; index < 200; index += 1) statuses.add(await call());
  expect([...statuses]).toEqual([503]);

  const down = await scrape();
  expect(state(down, 'plexica_plugin_state', { plugin: 'plugin-crm' })).toBe('UNAVAILABLE');
  expect(state(down, 'plexica_instance_state', { instance: 'plugin-crm-1' })).toBe('UNAVAILABLE');
  expect(requests(down, '503')).toBe(200);
  expect(down.value('plexica_refusals_total', { code: 'plugin-unavailable', plugin: 'plugin-crm' })).toBe(
    200,
  );
  expect(down.value('plexica_requests_in_flight', { plugin: 'plugin-crm' })).toBe(0);
  expect(await ask('/plugins/plugin-crm')).toMatchObject({
    state: 'UNAVAILABLE',
    reasons: [expect.stringContaining('refused')],
  });
  expect(await ask('/admin/status')).toMatchObject({
    processes: [
      {
        plugins: expect.arrayContaining([
          expect.objectContaining({ id: 'plugin-crm', state: 'UNAVAILABLE', inFlight: 0 }),
        ]),
      },
    ],
  });

  // A line for each request, with the reason; a few complaints, however many requests there are.
  await vi.waitFor(() =>
    expect(gateway.lines().filter(({ code }) => code === 'plugin-unavailable')).toHaveLength(200),
  );
  expect(gateway.lines().find(({ code }) => code === 'plugin-unavailable')).toMatchObject({
    level: 30,
    msg: 'answered',
    requestId: expect.any(String),
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    method: 'GET',
    route: 'GET /contacts',
    plugin: 'plugin-crm',
    caller: 'user',
    tenant: 'acme',
    status: 503,
    reason: expect.stringContaining('plugin-crm'),
    ms: expect.any(Number),
    bytes: expect.any(Number),
  });
  expect(complaints().length).toBeLessThan(10);

  // It comes back.
  await startCrm(port);
  expect(await gateway.until('plugin-crm-1 was UNAVAILABLE and is')).toMatchObject({
    instance: 'plugin-crm-1',
  });
  await vi.waitFor(async () => expect(await call()).toBe(200), 5_000);
  await vi.waitFor(async () => {
    const back = await scrape();
    expect(state(back, 'plexica_plugin_state', { plugin: 'plugin-crm' })).toBe('HEALTHY');
    expect(requests(back, '200')).toBeGreaterThan(1);
  }, 5_000);
  expect(JSON.stringify(gateway.lines())).not.toContain(`:${port}`);
}, 30_000);
