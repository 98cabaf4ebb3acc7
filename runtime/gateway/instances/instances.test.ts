import type { RouteTablePlugin } from '@plexica/types';
import { afterEach, expect, it, vi } from 'vitest';
import type { HealthConfig } from '../config/gateway-config.ts';
import { configOf, upstreamOf } from '../config/testing/config-of.ts';
import { createInstances, type Instances } from './instances.ts';
import { createJournal, type Journal } from './testing/journal.ts';
import { tableOf } from './testing/route-table.ts';
import { ok, startUpstream, type Upstream } from './testing/upstream.ts';

const FAST: HealthConfig = { interval: 100, timeout: 2_000, slow: 1_000, rise: 2, fall: 2 };
const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((part) => part.close()));
});

it('an instance gets no traffic before its first good check, and then at once', async () => {
  const upstream = await plugin();
  const { instances, journal } = setUp({ crm: [upstream.url] });
  expect(instances.choose('crm')).toBeUndefined();
  instances.start();
  expect(instances.choose('crm')).toBeUndefined();
  expect(instances.healthOf('crm')).toMatchObject({
    state: 'UNAVAILABLE',
    reasons: ['not checked yet'],
    instances: [{ id: 'crm-1', state: 'UNKNOWN', source: 'configured' }],
  });
  await journal.until('crm-1 was UNKNOWN and is HEALTHY');
  expect(instances.choose('crm')?.baseUrl.href).toBe(upstream.url.href);
  expect(instances.healthOf('crm')).toMatchObject({ state: 'HEALTHY', reasons: [] });
});

it('what an instance reports of itself becomes its state, and it keeps its traffic', async () => {
  const upstream = await plugin();
  const { instances, journal } = setUp({ crm: [upstream.url] });
  instances.start();
  await journal.until('HEALTHY');
  upstream.answer = (_, response) => response.end('{"status":"ok","services":{"database":"disconnected"}}');
  const line = await journal.until('is DEGRADED');
  expect(line).toMatchObject({
    pluginId: 'crm',
    instance: 'crm-1',
    from: 'HEALTHY',
    to: 'DEGRADED',
    reason: 'database is "disconnected"',
  });
  expect(instances.choose('crm')?.id).toBe('crm-1');
  upstream.answer = ok;
  await journal.until('crm-1 was DEGRADED and is HEALTHY');
});

it('a slow instance is degraded', async () => {
  const upstream = await plugin();
  upstream.answer = (request, response) => setTimeout(() => ok(request, response), 60);
  const { instances, journal } = setUp({ crm: [upstream.url] }, { slow: 50 });
  instances.start();
  await journal.until('is DEGRADED');
  expect(instances.healthOf('crm').reasons[0]).toMatch(/^its health check took \d+ ms, more than 50 ms$/);
});

it('a hanging instance is taken out after `fall` checks, and comes back after `rise`', async () => {
  const upstream = await plugin();
  const { instances, journal } = setUp({ crm: [upstream.url] }, { timeout: 200 });
  instances.start();
  await journal.until('HEALTHY');
  const before = upstream.asked.length;
  upstream.answer = () => {};
  const out = await journal.until('is UNAVAILABLE');
  expect(upstream.asked.length - before).toBe(2);
  expect(out).toMatchObject({ reason: 'no answer within 200 ms' });
  expect(instances.choose('crm')).toBeUndefined();
  const whileOut = upstream.asked.length;
  upstream.answer = ok;
  await journal.until('crm-1 was UNAVAILABLE and is HEALTHY');
  expect(upstream.asked.length - whileOut).toBeGreaterThanOrEqual(2);
});

it('an instance that is taken out keeps no idle connections, and ends what is under way', async () => {
  const upstream = await plugin();
  const { instances, journal } = setUp({ crm: [upstream.url] });
  instances.start();
  await journal.until('HEALTHY');
  const dispatcher = instances.choose('crm')?.dispatcher;
  let finish = () => {};
  upstream.answer = (request, response) => {
    if (request.url !== '/slow') return ok(request, response);
    finish = () => response.end('late');
    response.flushHeaders();
  };
  const slow = await dispatcher?.request({ method: 'GET', path: '/slow' });
  const quick = await dispatcher?.request({ method: 'GET', path: '/quick' });
  await quick?.body.dump();
  // A plugin closes no connection by itself, however full of them it is.
  const serves = upstream.answer;
  upstream.answer = (request, response) =>
    request.url === '/health' ? request.socket.destroy() : serves(request, response);
  expect(instances.connections()).toMatchObject([{ busy: 1, idle: 1 }]);
  await journal.until('is UNAVAILABLE');
  await vi.waitFor(() => expect(dispatcher?.stats.connected).toBe(1));
  expect(instances.connections()).toMatchObject([{ busy: 1, idle: 0 }]);
  finish();
  expect(await slow?.body.text()).toBe('late');
  await vi.waitFor(() => expect(dispatcher?.stats.connected).toBe(0));

  upstream.answer = ok;
  await journal.until('is HEALTHY');
  const again = await instances.choose('crm')?.dispatcher.request({ method: 'GET', path: '/quick' });
  expect(again?.statusCode).toBe(200);
  await again?.body.dump();
});

it('changes are logged once, not once per check', async () => {
  const upstream = await plugin();
  const { instances, journal } = setUp({ crm: [upstream.url] });
  instances.start();
  await journal.until('HEALTHY');
  await upstream.close();
  await journal.until('UNAVAILABLE');
  await upstream.reopen();
  await journal.until('crm-1 was UNAVAILABLE and is HEALTHY');
  expect(journal.lines.map(({ from, to }) => [from, to])).toEqual([
    ['UNKNOWN', 'HEALTHY'],
    ['HEALTHY', 'UNAVAILABLE'],
    ['UNAVAILABLE', 'HEALTHY'],
  ]);
  expect(JSON.stringify(journal.lines)).not.toContain(upstream.url.host);
});

it('a connection that fails under traffic has the instance checked long before its turn', async () => {
  const upstream = await plugin();
  const { instances, journal } = setUp({ crm: [upstream.url] }, { interval: 600_000 });
  instances.start();
  await journal.until('HEALTHY');
  const attempt = instances.begin('crm');
  const checks = upstream.asked.length;
  attempt?.observe({ kind: 'answered', status: 500 });
  for (let failure = 0; failure < 5; failure += 1) attempt?.observe({ kind: 'connection-failed' });
  await vi.waitUntil(() => upstream.asked.length > checks);
  await upstream.close();
  attempt?.observe({ kind: 'connection-failed' });
  await journal.until('crm-1 was HEALTHY and is UNAVAILABLE: connection refused');
  expect(upstream.asked.length).toBe(checks + 1);
});

it('instances take turns, and one that is out is left out', async () => {
  const [one, two] = [await plugin(), await plugin()];
  const { instances, journal } = setUp({ crm: [one.url, two.url] });
  instances.start();
  await journal.until('is HEALTHY');
  await journal.until('is HEALTHY');
  expect(new Set([choose(instances), choose(instances)])).toEqual(new Set(['crm-1', 'crm-2']));
  await one.close();
  await journal.until('crm-1 was HEALTHY and is UNAVAILABLE');
  expect([choose(instances), choose(instances)]).toEqual(['crm-2', 'crm-2']);
  expect(instances.healthOf('crm').state).toBe('HEALTHY');
});

it('a plugin whose required plugin is down is degraded, with the chain of reasons', async () => {
  const crm = await plugin();
  const analytics = await plugin();
  const { instances, journal } = setUp({ crm: [crm.url], analytics: [analytics.url] }, {}, [
    { id: 'crm' },
    { id: 'analytics', requires: ['crm'] },
  ]);
  instances.start();
  await journal.until('is HEALTHY');
  await journal.until('is HEALTHY');
  expect(instances.healthOf('analytics').state).toBe('HEALTHY');
  await crm.close();
  await journal.until('crm-1 was HEALTHY and is UNAVAILABLE');
  expect(instances.healthOf('analytics')).toMatchObject({
    state: 'DEGRADED',
    reasons: ['crm is UNAVAILABLE: connection refused'],
  });
  expect(choose(instances)).toBeUndefined();
  expect(instances.choose('analytics')?.id).toBe('analytics-1');
});

it('plugins without a backend or an instance, and upstreams without a plugin', async () => {
  const { instances, journal } = setUp({ gone: [], menu: [new URL('http://127.0.0.1:1')] }, {}, [
    { id: 'crm' },
    { id: 'menu', healthPath: null },
  ]);
  instances.start();
  expect(instances.healthOf('crm').reasons).toEqual(['no instance is configured or registered']);
  expect(instances.healthOf('menu').state).toBe('HEALTHY');
  expect(instances.healthOf('nobody').state).toBe('UNAVAILABLE');
  expect(() => instances.register('menu', new URL('http://127.0.0.1:1'))).toThrow('declares no backend');
  expect(journal.lines.map(({ msg }) => msg)).toEqual([
    'upstreams.gone is not used: no such plugin is in the route table',
    'upstreams.menu is not used: this plugin has no backend',
  ]);
});

function choose(instances: Instances): string | undefined {
  return instances.choose('crm')?.id;
}

async function plugin(): Promise<Upstream> {
  const upstream = await startUpstream();
  running.push(upstream);
  return upstream;
}

function setUp(
  urls: Readonly<Record<string, readonly URL[]>>,
  health: Partial<HealthConfig> = {},
  plugins: readonly (Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>)[] = [{ id: 'crm' }],
): { instances: Instances; journal: Journal } {
  const journal = createJournal();
  const upstreams = new Map(Object.entries(urls).map(([id, own]) => [id, upstreamOf({ urls: own })]));
  const instances = createInstances({
    table: tableOf(plugins),
    config: configOf('/nowhere', { upstreams, health: { ...FAST, ...health } }),
    log: journal.log,
  });
  running.push({ close: () => instances.stop() });
  return { instances, journal };
}
