import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { GatewayConfig, UpstreamConfig } from '../config/gateway-config.ts';
import { configOf, upstreamOf } from '../config/testing/config-of.ts';
import type { Setup } from '../create-context.ts';
import { createGateway, type Gateway } from '../server.ts';
import { ANALYTICS, CRM, route } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';
import { createJournal } from './testing/journal.ts';
import { tableOf } from './testing/route-table.ts';

const PUBLIC = { ...CRM, routes: [route('GET /public', { auth: false })], services: [] };
let folder: string;
let plugins: TestPlugin[];
let next: Setup;
let gateway: Gateway;
let url: URL;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-reconcile-'));
  plugins = await Promise.all([startPlugin(), startPlugin(), startPlugin()]);
  for (const plugin of plugins) plugin.answer = (_, response) => setTimeout(() => response.end('done'), 5);
  const journal = createJournal();
  next = setup({ urls: [urlOf(0), urlOf(1)] });
  gateway = await createGateway({ ...next, log: journal.log, load: async () => next });
  url = await gateway.listen();
  await journal.until('and is HEALTHY');
});
afterEach(async () => {
  await gateway.close(0);
  await Promise.all(plugins.map((plugin) => plugin.close()));
  await rm(folder, { recursive: true, force: true });
});

it('no request fails, whatever is reloaded under it', async () => {
  const anywhere = ['http://127.0.0.1:*'];
  const setups = [
    setup({ urls: [urlOf(0), urlOf(1)] }),
    // Another place for all of it, at once.
    setup({ urls: [urlOf(2)] }),
    setup({ urls: [urlOf(0)] }, { health: { interval: 200, timeout: 2_000, slow: 1_000, rise: 2, fall: 3 } }),
    setup({ urls: [urlOf(1), urlOf(2)], allowRegistration: anywhere }),
    setup({ urls: [urlOf(2)], allowRegistration: anywhere }, {}, [PUBLIC, ANALYTICS]),
    setup({ urls: [urlOf(0)] }, {}, [{ ...PUBLIC, healthPath: '/other/health' }]),
  ];
  const tally = { answered: 0, failed: [] as string[] };
  let over = false;
  const traffic = Array.from({ length: 8 }, async () => {
    while (!over) {
      const answer = await fetch(`${url}/plugin-crm/public`);
      const text = await answer.text();
      if (answer.status === 200 && text === 'done') tally.answered += 1;
      else tally.failed.push(`${answer.status} ${text}`);
    }
  });
  for (let round = 0; round < 18; round += 1) {
    const before = tally.answered;
    // What has no deployment of its own: registered, and no longer allowed two reloads later.
    gateway.context.instances.register('plugin-crm', urlOf(round % 3));
    next = setups[round % setups.length] ?? next;
    expect(await gateway.reload()).not.toMatchObject({ outcome: 'refused' });
    while (tally.answered < before + 25 && tally.failed.length === 0) await new Promise(setImmediate);
  }
  over = true;
  await Promise.all(traffic);
  expect(tally.failed).toEqual([]);
  expect(tally.answered).toBeGreaterThan(400);
  expect(plugins.map(({ seen }) => seen.length > 20)).toEqual([true, true, true]);
});

it('a request under way at a plugin that is gone ends well', async () => {
  const asked = new Promise<() => void>((resolve) => {
    for (const plugin of plugins) {
      plugin.answer = (_, response) => {
        response.write('do');
        resolve(() => response.end('ne'));
      };
    }
  });
  const answer = fetch(`${url}/plugin-crm/public`);
  const finish = await asked;
  next = setup({ urls: [] }, { drain: 0 }, [ANALYTICS]);
  await gateway.reload();
  expect((await fetch(`${url}/plugin-crm/public`)).status).toBe(404);
  finish();
  expect(await (await answer).text()).toBe('done');
});

function urlOf(index: number): URL {
  const plugin = plugins[index];
  if (plugin === undefined) throw new Error('no such plugin');
  return plugin.url;
}

function setup(
  crm: Partial<UpstreamConfig>,
  rest: Partial<GatewayConfig> = {},
  table: Parameters<typeof tableOf>[0] = [PUBLIC],
): Setup {
  const upstreams = new Map([['plugin-crm', upstreamOf(crm)]]);
  const health = { interval: 5_000, timeout: 2_000, slow: 1_000, rise: 1, fall: 2 };
  return { table: tableOf(table), config: configOf(folder, { upstreams, health, ...rest }) };
}
