import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJournal } from '../instances/testing/journal.ts';
import { createGateway, type Gateway } from '../server.ts';
import { createGatewayFolder, type GatewayFolder } from '../testing/gateway-folder.ts';
import { CRM, route } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const OPEN = { auth: false };
const OLD = [{ ...CRM, routes: [route('GET /public', OPEN), route('GET /old', OPEN)] }];
const NEW = [{ ...CRM, routes: [route('GET /public', OPEN), route('GET /new', OPEN)] }];

let folder: GatewayFolder;
let plugin: TestPlugin;
let gateway: Gateway;
let url: string;
let loads: { now: number; most: number; all: number };
const journal = createJournal();

beforeEach(async () => {
  folder = await createGatewayFolder();
  plugin = await startPlugin();
  loads = { now: 0, most: 0, all: 0 };
  await folder.writeYaml(yaml());
  await folder.writeTable(OLD);
  gateway = await createGateway({ ...(await folder.read()), log: journal.log, load });
  url = (await gateway.listen()).href;
  await journal.until('and is HEALTHY');
});
afterEach(async () => {
  await gateway.close(0);
  await plugin.close();
  await folder.remove();
});

function yaml(settings = {}) {
  return { upstreams: { 'plugin-crm': { urls: [plugin.url] } }, health: { interval: '1m' }, ...settings };
}

async function load() {
  loads.now += 1;
  loads.all += 1;
  loads.most = Math.max(loads.most, loads.now);
  return folder.read().finally(() => {
    loads.now -= 1;
  });
}

async function get(path: string): Promise<number> {
  const answer = await fetch(`${url}${path}`);
  await answer.arrayBuffer();
  return answer.status;
}

describe('a reload', () => {
  it('fails no request, however often it comes', { timeout: 30_000 }, async () => {
    const statuses = new Map<number, number>();
    let isOver = false;
    const clients = Array.from({ length: 8 }, async (_, index) => {
      while (!isOver) {
        // Half of the clients come with a new connection each time.
        const headers = index % 2 === 0 ? {} : { connection: 'close' };
        const answer = await fetch(`${url}/plugin-crm/public`, { headers });
        await answer.arrayBuffer();
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      }
    });
    for (let count = 0; count < 50; count += 1) {
      await folder.writeTable(count % 2 === 0 ? NEW : OLD);
      await folder.writeYaml(yaml({ gateway: { timeout: `${count + 1}s` } }));
      expect(await gateway.reload()).toMatchObject({
        outcome: 'done',
        change: { routes: { added: 1, removed: 1, changed: 0 }, settings: ['timeout'] },
      });
    }
    isOver = true;
    await Promise.all(clients);
    expect([...statuses.keys()]).toEqual([200]);
    expect(statuses.get(200)).toBeGreaterThan(100);
  });

  it('lets a request end with what it began with, and serves others as the new table says', async () => {
    const arrived = new Promise<() => void>((resolve) => {
      plugin.answer = (_, response) => resolve(() => response.end('from the old one'));
    });
    const begun = fetch(`${url}/plugin-crm/old`);
    const finish = await arrived;
    await folder.writeTable(NEW);
    await gateway.reload();

    plugin.answer = (_, response) => void response.end();
    expect(await get('/plugin-crm/old')).toBe(404);
    expect(await get('/plugin-crm/new')).toBe(200);
    finish();
    const answer = await begun;
    expect([answer.status, await answer.text()]).toEqual([200, 'from the old one']);
  });

  it('brings other documents, and the page of the documentation lists them', async () => {
    expect(await (await fetch(`${url}/docs/documents.json`)).json()).toEqual({ urls: [] });
    await folder.write('openapi/gateway.json', '{"openapi":"3.1.0"}');
    await folder.write('openapi/plugin-crm.json', '{"openapi":"3.1.0","x":1}');
    await gateway.reload();
    expect(await (await fetch(`${url}/docs/documents.json`)).json()).toMatchObject({
      urls: [{ name: 'All plugins' }, { url: '/api/plugin-gateway/openapi/plugin-crm.json' }],
    });
    expect(await (await fetch(`${url}/openapi/plugin-crm.json`)).json()).toEqual({ openapi: '3.1.0', x: 1 });
    await folder.write('openapi/plugin-crm.json', '{"openapi":"3.1.0","x":2}');
    await gateway.reload();
    expect(await (await fetch(`${url}/openapi/plugin-crm.json`)).json()).toMatchObject({ x: 2 });
  });

  it('is told to the log in counts, with the digests, and counted', async () => {
    const before = gateway.context.deployment().table.table.digest;
    await folder.writeTable(NEW);
    await gateway.reload();
    expect(await journal.until('reloaded: 1 plugin changed, 1 route added, 1 route removed')).toMatchObject({
      from: before,
      to: gateway.context.deployment().table.table.digest,
    });
    const { text } = await gateway.context.metrics.expose();
    expect(text).toContain('plexica_reloads_total{outcome="done"} 1');
  });

  it('brings another level of the log', async () => {
    await folder.writeYaml(yaml({ log: { level: 'error' } }));
    await gateway.reload();
    expect(journal.log.level).toBe('error');
    await folder.writeYaml(yaml());
    await gateway.reload();
    expect(journal.log.level).toBe('info');
  });

  it('keeps settings that need a restart, and says so', async () => {
    await folder.writeYaml(yaml({ gateway: { port: 1, workers: 2, timeout: '7s' } }));
    expect(await gateway.reload()).toMatchObject({
      change: { waiting: ['gateway.port', 'gateway.workers'] },
    });
    expect(await journal.until('hold after a restart alone: gateway.port, gateway.workers')).toMatchObject({
      level: 40,
    });
    expect(gateway.context.deployment().config).toMatchObject({ port: 0, workers: 1, timeout: 7000 });
  });

  it('never runs beside another; those who ask meanwhile share the next one', async () => {
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => gateway.reload()));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(5).fill('done'));
    expect(loads).toMatchObject({ most: 1 });
    expect(loads.all).toBeLessThanOrEqual(2);
  });
});

describe('a reload of what cannot be served', () => {
  it.each([
    [
      'a table that was changed by hand',
      'routes.json',
      '{"format":1,"plugins":[],"digest":"sha256:0"}',
      'routes.json',
    ],
    ['half a table', 'routes.json', '{"format":1,', 'routes.json is not JSON'],
    ['broken YAML', 'plexica.yaml', 'plugins: [x', 'plexica.yaml:1: this is not YAML'],
    ['an unknown setting', 'plexica.yaml', 'plugins: [x]\nout: .\ngatway: {}', 'did you mean "gateway"?'],
    [
      'an origin that is none',
      'plexica.yaml',
      'plugins: [x]\nout: .\nupstreams: { plugin-crm: { allowRegistration: ["*"] } }',
      'is not an origin pattern',
    ],
    [
      'another folder without a table',
      'plexica.yaml',
      'plugins: [x]\nout: nowhere',
      'there is no route table',
    ],
  ])('%s is refused with its reason, and everything goes on', async (_, file, text, reason) => {
    await folder.write(file, text);
    const before = gateway.context.deployment();
    expect(await gateway.reload()).toEqual({ outcome: 'refused', reason: expect.stringContaining(reason) });
    expect(gateway.context.deployment()).toBe(before);
    expect(await get('/plugin-crm/old')).toBe(200);
    expect(await journal.until('the reload was refused')).toMatchObject({ level: 50 });
    const { text: metrics } = await gateway.context.metrics.expose();
    expect(metrics).toContain('plexica_reloads_total{outcome="refused"} 1');
  });
});
