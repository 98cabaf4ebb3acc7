import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { UpstreamConfig } from '../config/gateway-config.ts';
import { configOf, upstreamOf } from '../config/testing/config-of.ts';
import { createJournal, type Journal } from '../instances/testing/journal.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import { createGateway, type Gateway } from '../server.ts';
import { route } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';
import { crmRegistration, PLUGINS } from './testing/crm.ts';

const ALLOWED = { allowRegistration: ['http://127.0.0.1:*'] };
const INTERVAL = 1_000;
let folder: string;
let plugin: TestPlugin;
let gateway: Gateway;
let journal: Journal;
let url: URL;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-restart-'));
  plugin = await startPlugin();
  plugin.answer = (_, response) => response.end('served');
});
afterEach(async () => {
  await gateway.close(0);
  await plugin.close();
  await rm(folder, { recursive: true, force: true });
});

it('a registered instance serves again within one check of a restart, and its token and heartbeats hold', async () => {
  await start();
  const { token } = await register();
  await journal.until('is HEALTHY');
  expect(await call()).toEqual([200, 'served']);

  await gateway.close(0);
  const startedAt = performance.now();
  await start();
  await journal.until('plugin-crm-1 was UNKNOWN and is HEALTHY');
  expect(performance.now() - startedAt).toBeLessThan(INTERVAL);
  expect(await call()).toEqual([200, 'served']);
  expect(gateway.context.instances.healthOf('plugin-crm').instances).toMatchObject([
    { source: 'registered' },
  ]);
  expect((await beat(token)).status).toBe(200);
});

it('gets no traffic after a restart before it is known to be there', async () => {
  await start();
  await register();
  await journal.until('is HEALTHY');
  await gateway.close(0);
  await plugin.close();
  await start();
  expect(gateway.context.instances.choose('plugin-crm')).toBeUndefined();
  await journal.until('plugin-crm-1 was UNKNOWN and is UNAVAILABLE');
  expect(await call()).toEqual([503, expect.stringContaining('connection refused')]);
});

it('one that was taken out is out after a restart too', async () => {
  await start();
  const { token } = await register();
  await vi.waitFor(async () => expect(await stored()).toHaveLength(1));
  const path = '/services/plugin-crm/crm.contacts';
  await fetch(`${url}${path}`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
  await gateway.close(0);
  expect(await stored()).toEqual([]);
  await start();
  expect(gateway.context.instances.healthOf('plugin-crm').instances).toEqual([]);
  expect((await beat(token)).status).toBe(404);
});

it.each<[string, Partial<UpstreamConfig>, typeof PLUGINS]>([
  ['an origin that is no longer allowed', { allowRegistration: ['http://10.0.0.1:*'] }, PLUGINS],
  ['a plugin that the table no longer has', ALLOWED, PLUGINS.slice(1)],
  ['a plugin without a backend', ALLOWED, [{ id: 'plugin-crm', healthPath: null }]],
])('%s is left out, and struck off', async (_name, upstream, plugins) => {
  await start();
  await register();
  await gateway.close(0);
  expect(await stored()).toEqual([{ pluginId: 'plugin-crm', baseUrl: plugin.url.href }]);
  await start(upstream, plugins);
  expect(gateway.context.instances.healthOf('plugin-crm').instances).toEqual([]);
  await vi.waitFor(async () => expect(await stored()).toEqual([]));
});

it('starts with a file that cannot be used', async () => {
  await writeFile(join(folder, 'registrations.json'), '{"format":1,"regi');
  await start();
  expect(journal.lines[0]).toMatchObject({ level: 40, msg: expect.stringContaining('it is not JSON') });
  await register();
  await journal.until('is HEALTHY');
  expect(await call()).toEqual([200, 'served']);
});

it('says nothing about where an instance is', async () => {
  await start();
  await register();
  await gateway.close(0);
  await start();
  await journal.until('is HEALTHY');
  expect(JSON.stringify(journal.lines)).not.toContain(plugin.url.host);
});

async function start(crm: Partial<UpstreamConfig> = ALLOWED, plugins = PLUGINS): Promise<void> {
  journal = createJournal();
  const [first, ...others] = plugins;
  if (first === undefined) throw new Error('no plugins');
  const table = tableOf([{ ...first, routes: [route('GET /contacts', { auth: false })] }, ...others]);
  const config = configOf(folder, {
    stateFolder: folder,
    upstreams: new Map([['plugin-crm', upstreamOf(crm)]]),
    health: { interval: INTERVAL, timeout: 900, slow: 800, rise: 1, fall: 1 },
  });
  gateway = await createGateway({ config, table, log: journal.log });
  url = await gateway.listen();
}

async function register(): Promise<{ readonly token: string }> {
  const answer = await fetch(`${url}/services/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(crmRegistration(plugin.url.origin)),
  });
  expect(answer.status).toBe(201);
  // The tests of the API show that the answer has it.
  return ((await answer.json()) as { data: { token: string } }).data;
}

async function beat(token: string): Promise<Response> {
  return await fetch(`${url}/services/plugin-crm/heartbeat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ baseUrl: plugin.url.origin }),
  });
}

async function call(): Promise<[number, string]> {
  const answer = await fetch(`${url}/plugin-crm/contacts`);
  return [answer.status, await answer.text()];
}

async function stored(): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, 'registrations.json'), 'utf8')).registrations;
}
