import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { GatewayStatus } from '../operations/gateway-status.ts';
import { createGatewayFolder, type GatewayFolder } from '../testing/gateway-folder.ts';
import { CRM, route } from '../testing/start-gateway.ts';
import { type GatewayProcess, startGatewayProcess } from '../testing/start-gateway-process.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

/** Other tests may be at work. */
const PATIENCE = { timeout: 10_000, interval: 50 };
const OPEN = { auth: false };
const LIMITED = route('GET /limited', { ...OPEN, rateLimit: { max: 10, windowMs: 60_000 } });
const ROUTES = [route('GET /public', OPEN), LIMITED];

let folder: GatewayFolder;
let plugin: TestPlugin;
let gateway: GatewayProcess;
let admin: string;

beforeAll(async () => {
  folder = await createGatewayFolder();
  plugin = await startPlugin();
  await folder.writeYaml(yaml());
  await folder.writeTable([{ ...CRM, routes: ROUTES }]);
  gateway = await startGatewayProcess(folder, '--workers', '2');
  admin = await folder.userToken('gateway:admin');
  await vi.waitFor(async () => {
    const states = (await statusOf()).processes.map(({ plugins }) => plugins[0]?.state);
    expect(states).toEqual(['HEALTHY', 'HEALTHY']);
  }, PATIENCE);
}, 20_000);
afterAll(async () => {
  gateway?.child.kill('SIGKILL');
  await gateway?.ended();
  await plugin.close();
  await folder.remove();
});

function yaml(settings = {}) {
  return {
    upstreams: { 'plugin-crm': { urls: [plugin.url], allowRegistration: ['http://127.0.0.1:*'] } },
    health: { interval: '200ms' },
    ...settings,
  };
}

/** Over a connection of its own each time, so that the workers take turns. */
async function ask(path: string, method = 'GET', headers = {}, body?: object): Promise<[number, string]> {
  const outgoing = request(`${gateway.url}${path}`, { method, agent: false, headers });
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer]: IncomingMessage[] = await once(outgoing, 'response');
  let text = '';
  for await (const chunk of answer ?? []) text += String(chunk);
  return [answer?.statusCode ?? 0, text];
}

async function statusOf(): Promise<GatewayStatus> {
  const [status, text] = await ask('/admin/status', 'GET', { authorization: `Bearer ${admin}` });
  if (status !== 200) throw new Error(text);
  return JSON.parse(text).data;
}

describe('a gateway of two workers', () => {
  it('says so, and where it is, in one line', () => {
    expect(gateway.err()).toBe(`The gateway serves 1 plugin at ${gateway.url} with 2 workers\n`);
  });

  it('serves from both, which its log tells apart, and gathers what they know', async () => {
    for (let count = 0; count < 10; count += 1) expect(await ask('/plugin-crm/public')).toEqual([200, '']);
    const answered = gateway
      .lines()
      .filter(({ msg, plugin: id }) => msg === 'answered' && id === 'plugin-crm');
    expect(new Set(answered.map(({ worker }) => worker))).toEqual(new Set([1, 2]));

    const { workers, processes, pid, rateLimits } = await statusOf();
    expect(workers).toEqual({ wanted: 2, serving: 2, replaced: 0 });
    expect(processes.map(({ worker }) => worker)).toEqual([1, 2]);
    expect(new Set([pid, gateway.child.pid, ...processes.map((one) => one.pid)]).size).toBe(3);
    expect(rateLimits).toEqual({ store: 'primary' });

    const [, metrics] = await ask('/metrics');
    const counted = /^plexica_requests_total\{.*GET \/public.*\} (\d+)$/m.exec(metrics)?.[1];
    expect(Number(counted)).toBe(10);
  });

  it('counts for rate limits once for both', async () => {
    const statuses = await Promise.all(Array.from({ length: 25 }, () => ask('/plugin-crm/limited')));
    expect(statuses.filter(([status]) => status === 200)).toHaveLength(10);
    expect(statuses.filter(([status]) => status === 429)).toHaveLength(15);
  });

  it('knows at both who is registered, writes it down once, and forgets it at both', async () => {
    const other = await startPlugin();
    const registered = async () =>
      (await statusOf()).processes.map(
        ({ plugins }) => plugins[0]?.instances.filter(({ source }) => source === 'registered').length,
      );
    const headers = { 'content-type': 'application/json' };
    const services = CRM.services.map(({ name, version, endpoints }) => ({
      name,
      version,
      baseUrl: other.url.href,
      endpoints: endpoints.map((endpoint) => {
        const [method, path] = endpoint.split(' ');
        return { method, path, description: '', permissions: [] };
      }),
    }));
    const [status, text] = await ask('/services/register', 'POST', headers, {
      pluginId: 'plugin-crm',
      services,
    });
    expect([status, text]).toEqual([201, expect.any(String)]);
    await expect.poll(registered, PATIENCE).toEqual([1, 1]);
    expect((await statusOf()).registrations).toBe(1);
    const file = join(folder.path, '.plexica', 'registrations.json');
    await expect.poll(() => readFile(file, 'utf8').catch(() => ''), PATIENCE).toContain(other.url.origin);

    const { token } = JSON.parse(text).data;
    const [gone] = await ask('/services/plugin-crm/crm.contacts', 'DELETE', {
      authorization: `Bearer ${token}`,
    });
    expect(gone).toBe(200);
    await expect.poll(registered, PATIENCE).toEqual([0, 0]);
    await other.close();
  });
});

describe('a reload', () => {
  it('by SIGHUP changes both, and is told and counted once', async () => {
    await folder.writeTable([{ ...CRM, routes: [...ROUTES, route('GET /new', OPEN)] }]);
    gateway.child.kill('SIGHUP');
    await gateway.until('reloaded: 1 plugin changed, 1 route added');
    for (let count = 0; count < 4; count += 1) expect((await ask('/plugin-crm/new'))[0]).toBe(200);
    expect(gateway.lines().filter(({ msg }) => msg.startsWith('reloaded'))).toHaveLength(1);
    expect((await ask('/metrics'))[1]).toContain('plexica_reloads_total{outcome="done"} 1');
  });

  it('by request is refused for both where one cannot serve the new files', async () => {
    const reload = () => ask('/admin/reload', 'POST', { authorization: `Bearer ${admin}` });
    await folder.writeYaml(yaml({ health: { interval: '5sec' } }));
    const [status, text] = await reload();
    expect([status, JSON.parse(text)]).toMatchObject([
      409,
      { code: 'reload-refused', error: expect.stringContaining('health.interval must be a duration') },
    ]);
    // What the primary process does not look at, the workers do: none of them may go ahead.
    await folder.writeYaml(
      yaml({ upstreams: { 'plugin-crm': { urls: [plugin.url], allowRegistration: ['*'] } } }),
    );
    expect(await reload()).toEqual([409, expect.stringContaining('is not an origin pattern')]);
    for (let count = 0; count < 4; count += 1) expect((await ask('/plugin-crm/new'))[0]).toBe(200);
    expect(await statusOf()).toMatchObject({ lastReload: { outcome: 'refused' } });
    await folder.writeYaml(yaml());
    expect((await reload())[0]).toBe(200);
    expect(await statusOf()).toMatchObject({ lastReload: { outcome: 'done' } });
  });
});

describe('a worker that is killed', () => {
  const kill = async (number: number) => {
    const pid = (await statusOf()).processes.find(({ worker }) => worker === number)?.pid;
    if (pid === undefined) throw new Error(`there is no worker ${number}`);
    process.kill(pid, 'SIGKILL');
  };
  const replaced = async () => (await statusOf()).workers;

  it('takes nobody else with it, and has a successor', async () => {
    const problems: string[] = [];
    let [answered, isOver] = [0, false];
    const clients = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const outcome = await Promise.race([
          ask('/plugin-crm/public').then(([status]) => status),
          tooLate(),
        ]).catch((error: Error & { code?: string }) => error.code ?? error.message);
        if (outcome === 200) answered += 1;
        else problems.push(String(outcome));
      }
    });
    try {
      await expect.poll(() => answered, PATIENCE).toBeGreaterThan(50);
      await kill(1);
      await expect.poll(replaced, PATIENCE).toEqual({ wanted: 2, serving: 2, replaced: 1 });
      const before = answered;
      await expect.poll(() => answered, PATIENCE).toBeGreaterThan(before + 50);
    } finally {
      isOver = true;
      await Promise.all(clients);
    }
    // Of the requests that were under way those that this worker had, and nobody is left without an answer.
    expect(problems.filter((problem) => problem !== 'ECONNRESET')).toEqual([]);
    expect(problems.length).toBeLessThanOrEqual(8);
    expect(await gateway.until('worker 1 is gone')).toMatchObject({ level: 40, worker: 1 });
    expect(await gateway.until('worker 1 serves again')).toMatchObject({ worker: 1 });
  }, 20_000);

  it('has a successor that serves what the others serve, once the files are in order', async () => {
    await folder.write('plexica.yaml', 'plugins: [x');
    await kill(2);
    expect(await gateway.until('worker 2 cannot start')).toMatchObject({ level: 50 });
    expect((await ask('/plugin-crm/public'))[0]).toBe(200);
    // Nobody asked for a reload of these: the successor reads them, and the other one must follow.
    await folder.writeTable([{ ...CRM, routes: [...ROUTES, route('GET /newest', OPEN)] }]);
    await folder.writeYaml(yaml());
    await gateway.until('worker 2 has read other files than the rest serve');
    await expect
      .poll(
        async () => Promise.all([1, 2, 3, 4].map(async () => (await ask('/plugin-crm/newest'))[0])),
        PATIENCE,
      )
      .toEqual([200, 200, 200, 200]);
  }, 20_000);

  it('has a successor with the settings that wait for a restart, as the others have them', async () => {
    const asPlugin = { authorization: `Bearer ${await folder.pluginToken('plugin-crm')}` };
    const events = { transport: 'kafka', brokers: '127.0.0.1:9' };
    const telemetry = { otlp: 'http://127.0.0.1:9/v1/traces' };
    const rateLimits = { redis: 'redis://127.0.0.1:9' };
    await folder.writeYaml(yaml({ gateway: { keys: 'others.json' }, events, telemetry, rateLimits }));
    const [, told] = await ask('/admin/reload', 'POST', { authorization: `Bearer ${admin}` });
    expect(JSON.parse(told).data.waiting).toEqual([
      'gateway.keys',
      'telemetry',
      'events',
      'rateLimits.redis',
    ]);
    const { replaced: before } = await replaced();
    await kill(1);
    await expect.poll(replaced, PATIENCE).toEqual({ wanted: 2, serving: 2, replaced: before + 1 });
    for (let count = 0; count < 4; count += 1) {
      const [, transport] = await ask('/events/transport', 'GET', asPlugin);
      expect(JSON.parse(transport).data).toEqual({ kind: 'embedded' });
    }
    await folder.writeYaml(yaml());
  }, 20_000);
});

it('that is told to stop ends when requests under way have ended', async () => {
  const arrived = new Promise<() => void>((resolve) => {
    plugin.answer = (_, response) => resolve(() => response.end('done'));
  });
  const asking = ask('/plugin-crm/public');
  const finish = await arrived;
  const comers = Array.from({ length: 24 }, comeUntilRefused);
  gateway.child.kill('SIGTERM');
  await gateway.until('the gateway stops');
  // Whoever comes meanwhile is answered or cut, and not kept for as long as that request takes.
  await Promise.all(comers);
  finish();
  expect(await asking).toEqual([200, 'done']);
  expect(await gateway.ended()).toBe(0);
}, 9_000);

async function comeUntilRefused(): Promise<void> {
  for (;;) {
    const refusal = await ask('/health').then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
    if (refusal === 'ECONNREFUSED') return;
  }
}

describe('workers', () => {
  it('end with a primary process that is killed', async () => {
    gateway = await startGatewayProcess(folder, '--workers', '2');
    const { processes } = await statusOf();
    gateway.child.kill('SIGKILL');
    for (const { pid } of processes) await expect.poll(() => isAlive(pid), PATIENCE).toBe(false);
  }, 20_000);

  it('that cannot start end the gateway, with their reason', async () => {
    await folder.writeYaml(yaml({ gateway: { host: '0.0.0.0' } }));
    const starting = startGatewayProcess(folder, '--workers', '2');
    await expect(starting).rejects.toThrow(/ended with 1:\nplexica start: .*which others can reach.*\n/);
    await expect(starting).rejects.not.toThrow(/bug of ours|\n {4}at /);
  }, 20_000);
});

function tooLate(): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('no answer'), 5_000));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
