import { once } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { configOf, upstreamOf } from '../config/testing/config-of.ts';
import { createInstances, type Instances } from './instances.ts';
import { createJournal, type Journal } from './testing/journal.ts';
import { tableOf } from './testing/route-table.ts';
import { json, startUpstream, type Upstream } from './testing/upstream.ts';

const CONTRACT = `sha256:${'0'.repeat(64)}`;
let upstream: Upstream;
let journal: Journal;
let instances: Instances;

beforeEach(async () => {
  upstream = await startUpstream();
  journal = createJournal();
  instances = createInstances({ ...setup('^1.0.0'), log: journal.log });
});
afterEach(async () => {
  await instances.stop();
  await upstream.close();
});

it('an instance that runs what no caller can use is degraded, until it comes back with what they can', async () => {
  upstream.info = json({ id: 'plugin-crm', version: '2.0.0' });
  instances.start();
  await journal.until('plugin-crm-1 was UNKNOWN and is HEALTHY');
  const line = await journal.until('plugin-crm-1 was HEALTHY and is DEGRADED');
  expect(line).toMatchObject({ reason: 'it runs 2.0.0, and plugin-analytics asks for ^1.0.0' });
  expect(instances.choose('plugin-crm')?.id).toBe('plugin-crm-1');
  expect(instances.healthOf('plugin-crm')).toMatchObject({
    state: 'DEGRADED',
    reasons: ['it runs 2.0.0, and plugin-analytics asks for ^1.0.0'],
    instances: [{ version: '2.0.0', notice: expect.stringContaining('2.0.0 instead of 1.0.0') }],
  });

  await upstream.close();
  await journal.until('is UNAVAILABLE');
  expect(instances.healthOf('plugin-crm').instances[0]).not.toHaveProperty('version');
  upstream.info = json({ id: 'plugin-crm', version: '1.0.0' });
  await upstream.reopen();
  await journal.until('plugin-crm-1 was UNAVAILABLE and is HEALTHY');
  await vi.waitFor(() => expect(report()).toMatchObject({ state: 'HEALTHY', version: '1.0.0' }));
});

it('another version that all callers can use is told, and no harm', async () => {
  upstream.info = json({
    id: 'plugin-crm',
    version: '1.9.0',
    // Which endpoints they have is not asked for here, and need not be said.
    services: [{ name: 'crm.contacts', version: '1.5.0' }],
  });
  instances.start();
  await vi.waitFor(() =>
    expect(report()).toMatchObject({
      state: 'HEALTHY',
      version: '1.9.0',
      serviceVersions: { 'crm.contacts': '1.5.0' },
      notice:
        'it runs another version than the compiled one: 1.9.0 instead of 1.0.0; crm.contacts 1.5.0 instead of 1.2.0',
    }),
  );
});

it('a table with other ranges judges anew what is known already', async () => {
  upstream.info = json({ id: 'plugin-crm', version: '1.9.0' });
  instances.start();
  await vi.waitFor(() => expect(report()).toMatchObject({ state: 'HEALTHY', version: '1.9.0' }));
  const asked = upstream.infoAsked;
  instances.reconcile(setup('~1.0.0'));
  expect(report()).toMatchObject({ state: 'DEGRADED' });
  expect(instances.healthOf('plugin-crm').reasons).toEqual([
    'it runs 1.9.0, and plugin-analytics asks for ~1.0.0',
  ]);
  instances.reconcile(setup('^1.0.0'));
  expect(report()).toMatchObject({ state: 'HEALTHY' });
  expect(upstream.infoAsked).toBe(asked);
});

it.each<[string, Upstream['answer']]>([
  ['no such endpoint', (_, response) => response.writeHead(404).end()],
  ['no JSON', (_, response) => response.end('<h1>CRM</h1>')],
  ['something else', json({ name: 'CRM' })],
  ['a version that is none', json({ id: 'plugin-crm', version: 'banana' })],
  ['a redirect', (_, response) => response.writeHead(302, { location: '/other/info' }).end()],
  [
    'far too much',
    (_, response) => response.end(`{"id":"plugin-crm","version":"2.0.0","x":"${'x'.repeat(2 ** 20)}"}`),
  ],
  ['a broken connection', (request) => request.socket.destroy()],
  ['nothing for now', () => undefined],
])('an instance with %s at /info is as well as its checks say', async (_name, info) => {
  const asked = new Promise<void>((resolve) => {
    upstream.info = (request, response) => {
      info(request, response);
      resolve(once(response, 'close').then(() => undefined));
    };
  });
  instances.start();
  await journal.until('plugin-crm-1 was UNKNOWN and is HEALTHY');
  if (_name !== 'nothing for now') await asked;
  // Two more checks have come and gone.
  const checks = upstream.asked.length;
  await vi.waitFor(() => expect(upstream.asked.length).toBeGreaterThan(checks + 1));
  expect(report()).toMatchObject({ state: 'HEALTHY' });
  expect(report()).not.toHaveProperty('version');
  expect(journal.lines).toHaveLength(1);
});

it('it is asked now and then, so that a new version under the same address is noticed', async () => {
  upstream.info = json({ id: 'plugin-crm', version: '1.0.0' });
  instances.start();
  await vi.waitFor(() => expect(report()).toMatchObject({ version: '1.0.0' }));
  upstream.info = json({ id: 'plugin-crm', version: '2.0.0' });
  await journal.until('is DEGRADED: it runs 2.0.0');
  expect(upstream.infoAsked).toBe(2);
  expect(upstream.asked.length).toBeGreaterThanOrEqual(12);
});

function report() {
  return instances.healthOf('plugin-crm').instances[0];
}

function setup(range: string) {
  const crm = {
    id: 'plugin-crm',
    services: [{ name: 'crm.contacts', version: '1.2.0', contract: CONTRACT, endpoints: [] }],
  };
  const edge = { plugin: 'plugin-crm', service: 'crm.contacts', version: range, required: true };
  const analytics = {
    id: 'plugin-analytics',
    healthPath: null,
    edges: [{ ...edge, contract: CONTRACT, endpoints: [] }],
  };
  return {
    table: tableOf([crm, analytics]),
    config: configOf('/nowhere', {
      upstreams: new Map([['plugin-crm', upstreamOf({ urls: [upstream.url] })]]),
      health: { interval: 30, timeout: 2_000, slow: 1_000, rise: 2, fall: 2 },
    }),
  };
}
