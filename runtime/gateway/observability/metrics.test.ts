import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { tableOf } from '../instances/testing/route-table.ts';
import { openConnection } from '../testing/raw-connection.ts';
import { ANALYTICS, CRM, route, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { echo, startPlugin, type TestPlugin } from '../testing/start-plugin.ts';
import { mergeSnapshots } from './merge-snapshots.ts';
import { createMetrics, type Watched } from './metrics.ts';
import { parseExposition } from './testing/parse-exposition.ts';

const NOBODY: Watched = {
  instances: {
    healthOf: () => ({ state: 'HEALTHY', reasons: [], instances: [] }),
    connections: () => [],
  },
  occupancy: () => [],
  backlogs: () => [],
};

describe('of requests to plugins', () => {
  let plugin: TestPlugin;
  let gateway: TestGateway;
  let authorization: string;
  beforeAll(async () => {
    plugin = await startPlugin();
  });
  beforeEach(async () => {
    plugin.answer = echo;
    gateway = await startGateway({ plugins: [CRM, ANALYTICS], upstreams: { 'plugin-crm': plugin.url } });
    authorization = `Bearer ${await gateway.userToken()}`;
    return () => gateway.close();
  });
  afterAll(() => plugin.close());

  const scrape = async () => parseExposition((await gateway.context.metrics.expose()).text);
  const get = (path: string, headers: Record<string, string> = { authorization }) =>
    fetch(`${gateway.url}${path}`, { headers }).then((answer) => answer.text());
  const head = (path: string) =>
    `GET /api/plugin-gateway${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`;

  it('each is counted once, by endpoint and by who made it', async () => {
    for (const id of ['1', '2', '3']) await get(`/plugin-crm/contacts/${id}?q=${id}`);
    await get('/plugin-crm/public', {});
    await get('/plugin-crm/public');
    const caller = `Bearer ${await gateway.pluginToken('plugin-analytics')}`;
    const context = await gateway.context.contexts.issue(
      { tenantId: 'acme', permissions: [] },
      'plugin-analytics',
    );
    await get('/plugin-crm/contacts', { authorization: caller, 'x-plexica-context': context });

    const metrics = await scrape();
    const counts = metrics.series('plexica_requests_total').map(({ labels, value }) => [labels, value]);
    expect(counts).toEqual([
      [{ plugin: 'plugin-crm', endpoint: 'GET /contacts/:id', caller: 'user', status: '200' }, 3],
      [{ plugin: 'plugin-crm', endpoint: 'GET /public', caller: 'anonymous', status: '200' }, 1],
      [{ plugin: 'plugin-crm', endpoint: 'GET /public', caller: 'user', status: '200' }, 1],
      [{ plugin: 'plugin-crm', endpoint: 'GET /contacts', caller: 'plugin-analytics', status: '200' }, 1],
    ]);
    const edge = { plugin: 'plugin-crm', endpoint: 'GET /contacts', caller: 'plugin-analytics' };
    expect(metrics.value('plexica_request_duration_seconds_count', edge)).toBe(1);
    expect(metrics.value('plexica_request_duration_seconds_bucket', { ...edge, le: '30' })).toBe(1);
  });

  it('an answer of the gateway is one too, for whom it was meant; it has no duration', async () => {
    await get('/plugin-crm/contacts', {});
    await get('/plugin-crm/internal');
    await get('/plugin-analytics/nothing');
    await get('/nobody/nothing');
    const metrics = await scrape();
    const plugin = 'plugin-crm';
    expect(
      metrics.value('plexica_requests_total', {
        plugin,
        endpoint: 'GET /contacts',
        caller: 'anonymous',
        status: '401',
      }),
    ).toBe(1);
    expect(
      metrics.value('plexica_requests_total', {
        plugin,
        endpoint: 'GET /internal',
        caller: 'user',
        status: '403',
      }),
    ).toBe(1);
    expect(metrics.series('plexica_requests_total')).toHaveLength(2);
    expect(metrics.series('plexica_request_duration_seconds_count')).toEqual([]);
    expect(metrics.value('plexica_refusals_total', { code: 'token-missing', plugin })).toBe(1);
    expect(metrics.value('plexica_refusals_total', { code: 'users-not-allowed', plugin })).toBe(1);
    expect(metrics.value('plexica_refusals_total', { code: 'route-not-found', plugin: '' })).toBe(2);
  });

  it('what is no request at all is counted where it is refused', async () => {
    const client = await openConnection(gateway.port);
    client.write('NONSENSE\r\n\r\n');
    await client.closed();
    expect((await scrape()).value('plexica_refusals_total', { code: 'bad-request', plugin: '' })).toBe(1);
  });

  it('one is in flight until it is over, also where its client goes away', async () => {
    const client = await openConnection(gateway.port);
    const arrived = new Promise<void>((resolve) => {
      plugin.answer = (_request, response) => {
        response.write('the first part');
        resolve();
      };
    });
    client.write(head('/plugin-crm/contacts'));
    await arrived;
    await client.until('the first part');
    const during = await scrape();
    expect(during.value('plexica_requests_in_flight', { plugin: 'plugin-crm' })).toBe(1);
    expect(during.value('plexica_requests_waiting', { plugin: 'plugin-crm' })).toBe(0);
    expect(during.value('plexica_requests_in_flight', { plugin: 'plugin-analytics' })).toBe(0);
    expect(during.series('plexica_upstream_connections', { state: 'busy' })).toMatchObject([
      { labels: { plugin: 'plugin-crm', instance: 'plugin-crm-1' }, value: 1 },
    ]);

    client.socket.destroy();
    await vi.waitFor(async () => {
      const after = await scrape();
      expect(after.value('plexica_requests_in_flight', { plugin: 'plugin-crm' })).toBe(0);
      expect(after.series('plexica_requests_total')).toMatchObject([{ labels: { status: '499' }, value: 1 }]);
    });
  });

  it('one whose client went before any answer is in flight no more, and counted once', async () => {
    const client = await openConnection(gateway.port);
    const arrived = new Promise<void>((resolve) => {
      plugin.answer = () => resolve();
    });
    client.write(head('/plugin-crm/contacts'));
    await arrived;
    client.socket.destroy();
    await vi.waitFor(async () =>
      expect((await scrape()).series('plexica_requests_total')).toMatchObject([
        { labels: { status: '499' }, value: 1 },
      ]),
    );
    await wait(20);
    const metrics = await scrape();
    expect(metrics.series('plexica_requests_total')).toHaveLength(1);
    expect(metrics.value('plexica_requests_in_flight', { plugin: 'plugin-crm' })).toBe(0);
  });

  it('an answer that the plugin breaks off counts as a failure of the plugin', async () => {
    plugin.answer = (_request, response) => {
      response.write('part');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(get('/plugin-crm/contacts')).rejects.toThrow();
    await vi.waitFor(async () =>
      expect((await scrape()).series('plexica_requests_total')).toMatchObject([
        { labels: { status: '502' }, value: 1 },
      ]),
    );
  });

  it('whatever clients ask for, there are no more series than the table has endpoints', async () => {
    for (let index = 0; index < 50; index += 1) {
      await get(`/plugin-crm/contacts/${index}/../${index}`);
      await get(`/plugin-crm/nothing-${index}`);
      await get(`/plugin-${index}/contacts`);
    }
    const { text } = await gateway.context.metrics.expose();
    expect(parseExposition(text).series('plexica_requests_total')).toHaveLength(1);
    expect(text).not.toMatch(/nothing-|plugin-1|acme|ada/);
  });

  it('health, circuits and the table are told', async () => {
    const metrics = await scrape();
    const states = (name: string) =>
      metrics
        .series(name, { plugin: 'plugin-crm' })
        .filter(({ value }) => value === 1)
        .map(({ labels }) => labels.state);
    expect(states('plexica_plugin_state')).toEqual(['HEALTHY']);
    expect(states('plexica_instance_state')).toEqual(['HEALTHY']);
    expect(states('plexica_circuit_state')).toEqual(['closed']);
    expect(metrics.series('plexica_build_info')).toMatchObject([
      {
        labels: {
          version: expect.stringMatching(/^\d+\.\d+\.\d+/),
          table: gateway.context.deployment().table.table.digest,
        },
        value: 1,
      },
    ]);
    expect(metrics.value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    expect(metrics.value('process_resident_memory_bytes')).toBeGreaterThan(0);
  });
});

describe('a table that is no longer served', () => {
  const request = {
    pluginId: 'plugin-crm',
    endpoint: 'GET /contacts',
    caller: 'plugin-analytics',
    status: 200,
    seconds: 1,
  };

  it('takes the series of its plugins, endpoints and callers with it', async () => {
    const metrics = createMetrics(NOBODY, tableOf([CRM, ANALYTICS]));
    metrics.answered(request);
    metrics.answered({ ...request, endpoint: 'GET /public', caller: 'user' });
    metrics.answered({ ...request, pluginId: 'plugin-analytics', endpoint: 'POST /reports', caller: 'user' });
    metrics.refused('plugin-busy', 'plugin-analytics');
    metrics.refused('route-not-found');
    metrics.retried('plugin-analytics', true);
    metrics.contractDiffers('plugin-analytics', 'crm.contacts');
    metrics.validationFailed('plugin-analytics', 'body');

    metrics.deploy(tableOf([{ ...CRM, routes: [route('GET /public'), route('GET /contacts')] }]));
    const { text } = await metrics.expose();
    expect(text).not.toContain('plugin-analytics');
    const exposed = parseExposition(text);
    expect(exposed.series('plexica_requests_total').map(({ labels }) => labels.endpoint)).toEqual([
      'GET /public',
    ]);
    expect(exposed.series('plexica_request_duration_seconds_count')).toHaveLength(1);
    expect(exposed.value('plexica_refusals_total', { code: 'route-not-found', plugin: '' })).toBe(1);
  });

  it('is not brought back by a request that ends later', async () => {
    const metrics = createMetrics(NOBODY, tableOf([CRM, ANALYTICS]));
    metrics.deploy(tableOf([CRM]));
    metrics.answered(request);
    metrics.answered({ ...request, pluginId: 'plugin-analytics', endpoint: 'POST /reports', caller: 'user' });
    metrics.refused('plugin-busy', 'plugin-analytics');
    expect((await metrics.expose()).text).not.toContain('plugin-analytics');
  });

  it('and comes back as a new one', async () => {
    const metrics = createMetrics(NOBODY, tableOf([CRM, ANALYTICS]));
    metrics.answered(request);
    metrics.deploy(tableOf([]));
    metrics.deploy(tableOf([CRM, ANALYTICS]));
    metrics.answered(request);
    expect(parseExposition((await metrics.expose()).text).series('plexica_requests_total')).toMatchObject([
      { value: 1 },
    ]);
  });
});

it('those of several processes add up to one text', async () => {
  const table = tableOf([CRM, ANALYTICS]);
  const workers = [1, 2].map((count) => {
    const metrics = createMetrics(
      { ...NOBODY, occupancy: () => [{ pluginId: 'plugin-crm', inFlight: count, waiting: 0 }] },
      table,
    );
    for (let index = 0; index < count; index += 1) {
      metrics.answered({
        pluginId: 'plugin-crm',
        endpoint: 'GET /public',
        caller: 'user',
        status: 200,
        seconds: 0.2,
      });
    }
    metrics.reloaded('done');
    return metrics;
  });
  // As between processes.
  const snapshots = JSON.parse(
    JSON.stringify(await Promise.all(workers.map((metrics) => metrics.snapshot()))),
  );
  const { contentType, text } = await mergeSnapshots(snapshots);
  expect(contentType).toContain('text/plain; version=0.0.4');
  const exposed = parseExposition(text);
  const edge = { plugin: 'plugin-crm', endpoint: 'GET /public', caller: 'user' };
  expect(exposed.value('plexica_requests_total', { ...edge, status: '200' })).toBe(3);
  expect(exposed.value('plexica_request_duration_seconds_count', edge)).toBe(3);
  expect(exposed.value('plexica_request_duration_seconds_bucket', { ...edge, le: '0.1' })).toBe(0);
  expect(exposed.value('plexica_request_duration_seconds_bucket', { ...edge, le: '0.25' })).toBe(3);
  expect(exposed.value('plexica_requests_in_flight', { plugin: 'plugin-crm' })).toBe(3);
  expect(exposed.value('plexica_plugin_state', { plugin: 'plugin-crm', state: 'HEALTHY' })).toBe(1);
  expect(exposed.value('plexica_reloads_total', { outcome: 'done' })).toBe(1);
  expect(exposed.series('plexica_build_info')).toMatchObject([{ value: 1 }]);
});
