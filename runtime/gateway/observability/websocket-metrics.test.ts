import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openConnection } from '../testing/raw-connection.ts';
import { CRM, route, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { type RawPlugin, startRawPlugin } from '../testing/start-raw-plugin.ts';
import { parseExposition } from './testing/parse-exposition.ts';
import { startCollector, type TestCollector } from './testing/start-collector.ts';

const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
const LIVE = {
  ...CRM,
  routes: [route('GET /live', { webSocket: true, auth: false }), route('GET /mine', { webSocket: true })],
};

let plugin: RawPlugin;
let collector: TestCollector;
let gateway: TestGateway;
beforeAll(async () => {
  plugin = await startRawPlugin();
  collector = await startCollector();
  gateway = await startGateway({
    plugins: [LIVE],
    upstreams: { 'plugin-crm': plugin.url },
    config: { telemetry: { otlp: collector.url, serviceName: 'front', sample: 1 } },
  });
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
  await collector.close();
});

const scrape = async () => parseExposition((await gateway.context.metrics.expose()).text);
const upgrade = (path: string) =>
  `GET /api/plugin-gateway/plugin-crm${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

it('a WebSocket connection is counted when it opens, and as long as it is open', async () => {
  plugin.reply = (socket) => void socket.write(SWITCH);
  const client = await openConnection(gateway.port);
  client.write(upgrade('/live'));
  await client.until('101 Switching');
  const open = await scrape();
  const endpoint = { plugin: 'plugin-crm', endpoint: 'GET /live', caller: 'anonymous' };
  expect(open.value('plexica_requests_total', { ...endpoint, status: '101' })).toBe(1);
  expect(open.value('plexica_request_duration_seconds_count', endpoint)).toBe(1);
  expect(open.value('plexica_websocket_connections', { plugin: 'plugin-crm' })).toBe(1);
  expect(open.value('plexica_requests_in_flight', { plugin: 'plugin-crm' })).toBe(0);
  client.socket.destroy();
  await vi.waitFor(async () =>
    expect((await scrape()).value('plexica_websocket_connections', { plugin: 'plugin-crm' })).toBe(0),
  );

  const refused = await openConnection(gateway.port);
  refused.write(upgrade('/mine'));
  expect(await refused.closed()).toContain(' 401 ');
  const after = await scrape();
  expect(after.value('plexica_refusals_total', { code: 'token-missing', plugin: 'plugin-crm' })).toBe(1);
  expect(after.value('plexica_requests_total', { ...endpoint, endpoint: 'GET /mine', status: '401' })).toBe(
    1,
  );
  expect(after.series('plexica_requests_total')).toHaveLength(2);
});

it('and has spans, below which the plugin stands', async () => {
  await gateway.context.tracing.close();
  const call = collector.spans.find(({ kind }) => kind === 3);
  expect(call).toMatchObject({ name: 'GET /live', attributes: { 'http.response.status_code': 101 } });
  expect(plugin.seen.at(-1)).toContain(`00-${call?.traceId}-${call?.spanId}-01`);
  const names = collector.spans.filter(({ kind }) => kind === 2).map(({ name }) => name);
  expect(names).toEqual([
    'GET /api/plugin-gateway/plugin-crm/live',
    'GET /api/plugin-gateway/plugin-crm/mine',
  ]);
});
