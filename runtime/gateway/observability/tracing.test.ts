import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TelemetryConfig } from '../config/gateway-config.ts';
import { openConnection } from '../testing/raw-connection.ts';
import { ANALYTICS, CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { echo, startPlugin, type TestPlugin } from '../testing/start-plugin.ts';
import { accept, startCollector, type TestCollector } from './testing/start-collector.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CLIENT_SPAN = 'b7ad6b7169203331';
const SERVER = 2;
const CLIENT = 3;

let plugin: TestPlugin;
let collector: TestCollector;
let gateway: TestGateway;
beforeAll(async () => {
  plugin = await startPlugin();
});
beforeEach(async () => {
  plugin.answer = echo;
  collector = await startCollector();
});
afterEach(async () => {
  await gateway.close();
  await collector.close();
});
afterAll(() => plugin.close());

async function start(telemetry: Partial<TelemetryConfig> = {}, upstream = plugin.url) {
  gateway = await startGateway({
    plugins: [CRM, ANALYTICS],
    upstreams: { 'plugin-crm': upstream },
    config: { telemetry: { otlp: collector.url, serviceName: 'front', sample: 1, ...telemetry } },
  });
}

async function get(path: string, headers: Record<string, string> = {}): Promise<number> {
  const authorization = `Bearer ${await gateway.userToken({ userId: 'ada.lovelace' })}`;
  const answer = await fetch(`${gateway.url}${path}`, { headers: { authorization, ...headers } });
  await answer.text();
  return answer.status;
}

/** What the plugin was told last. */
const told = () => plugin.seen.at(-1)?.headers;
const only = (kind: number) => collector.spans.filter((span) => span.kind === kind);

describe('a request', () => {
  it('is a span in the client’s trace, its call one below, and the plugin stands below that', async () => {
    await start();
    await get('/plugin-crm/contacts/c-77?secret=1', {
      traceparent: `00-${TRACE_ID}-${CLIENT_SPAN}-01`,
      tracestate: 'vendor=1',
      'x-request-id': 'r-1',
    });
    await gateway.close();

    const [server, ...others] = only(SERVER);
    const [call, ...retries] = only(CLIENT);
    expect([others, retries]).toEqual([[], []]);
    expect(server).toMatchObject({
      name: 'GET /api/plugin-gateway/plugin-crm/contacts/:id',
      traceId: TRACE_ID,
      parentSpanId: CLIENT_SPAN,
      status: 0,
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/api/plugin-gateway/plugin-crm/contacts/:id',
        'http.response.status_code': 200,
        'url.scheme': 'http',
        'plexica.plugin': 'plugin-crm',
        'plexica.caller': 'user',
        'plexica.tenant': 'acme',
        'plexica.request_id': 'r-1',
      },
      resource: { 'service.name': 'front', 'service.version': expect.stringMatching(/^\d/) },
    });
    expect(call).toMatchObject({
      name: 'GET /contacts/:id',
      traceId: TRACE_ID,
      parentSpanId: server?.spanId,
      status: 0,
      attributes: { 'plexica.instance': 'plugin-crm-1', 'http.response.status_code': 200 },
    });
    expect(told()).toMatchObject({
      traceparent: `00-${TRACE_ID}-${call?.spanId}-01`,
      tracestate: 'vendor=1',
    });
    // Neither people nor addresses, and nothing of the path but its pattern.
    expect(collector.text).not.toMatch(/ada\.lovelace|c-77|secret/);
    expect(collector.text).not.toContain(plugin.url.port);
  });

  it('without a trace begins one', async () => {
    await start();
    await get('/plugin-crm/contacts', { traceparent: 'nonsense', tracestate: 'vendor=1' });
    await gateway.close();
    const [server] = only(SERVER);
    expect(server?.parentSpanId ?? '').toBe('');
    expect(told()?.traceparent).toBe(`00-${server?.traceId}-${only(CLIENT)[0]?.spanId}-01`);
    expect(told()?.tracestate).toBeUndefined();
  });

  it('of a trace that is not recorded is not recorded, and the plugin is told so', async () => {
    await start();
    await get('/plugin-crm/contacts', { traceparent: `00-${TRACE_ID}-${CLIENT_SPAN}-00` });
    await gateway.close();
    expect(told()?.traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-00$`));
    expect(collector.spans).toEqual([]);
  });

  it('is recorded as often as `sample` says, unless the client has decided', async () => {
    await start({ sample: 0 });
    await get('/plugin-crm/contacts');
    expect(told()?.traceparent).toMatch(/-00$/);
    await get('/plugin-crm/contacts', { traceparent: `00-${TRACE_ID}-${CLIENT_SPAN}-01` });
    await gateway.close();
    expect(only(SERVER)).toMatchObject([{ traceId: TRACE_ID }]);
  });

  it('that is refused has a span too, with the reason, and no call', async () => {
    await start();
    expect(await get('/plugin-crm/internal')).toBe(403);
    expect(await get('/plugin-analytics/reports')).toBe(405);
    expect(await get('/nowhere')).toBe(404);
    await gateway.close();
    expect(only(CLIENT)).toEqual([]);
    // A mistake of the client is no error of the gateway.
    expect(only(SERVER)).toMatchObject([
      {
        name: 'GET /api/plugin-gateway/plugin-crm/internal',
        status: 0,
        attributes: { 'http.response.status_code': 403 },
      },
      { name: 'GET', attributes: { 'http.response.status_code': 405 } },
      { name: 'GET', attributes: { 'http.response.status_code': 404 } },
    ]);
  });

  it('whose plugin fails is an error, with what the gateway said of it', async () => {
    await start();
    plugin.answer = (_request, response) => response.destroy();
    expect(await get('/plugin-crm/contacts')).toBe(502);
    plugin.answer = (_request, response) => response.writeHead(500).end();
    expect(await get('/plugin-crm/contacts')).toBe(500);
    await gateway.close();
    expect(only(SERVER)).toMatchObject([
      { status: 2, attributes: { 'http.response.status_code': 502, 'error.type': 'upstream-failed' } },
      { status: 2, attributes: { 'http.response.status_code': 500, 'error.type': '500' } },
    ]);
    const failed = only(CLIENT).filter(({ attributes }) => attributes['error.type'] === 'upstream-failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every(({ status }) => status === 2)).toBe(true);
  });

  it('that is tried again has a span for every try', async () => {
    await start();
    // The connection was good, and is not any more.
    await get('/plugin-crm/contacts');
    let calls = 0;
    plugin.answer = (request, response) => {
      calls += 1;
      if (calls === 1) request.socket.destroy();
      else echo(request, response);
    };
    expect(await get('/plugin-crm/contacts', { 'x-request-id': 'again' })).toBe(200);
    await gateway.close();
    const parent = only(SERVER).find(({ attributes }) => attributes['plexica.request_id'] === 'again');
    const tries = only(CLIENT).filter(({ parentSpanId }) => parentSpanId === parent?.spanId);
    expect(tries).toMatchObject([
      { status: 2, attributes: { 'error.type': 'upstream-failed' } },
      { status: 0, attributes: { 'http.request.resend_count': 1, 'http.response.status_code': 200 } },
    ]);
    expect(told()?.traceparent).toContain(tries[1]?.spanId);
    const line = gateway.journal.lines.find(
      ({ requestId, msg }) => requestId === 'again' && msg === 'answered',
    );
    expect(line).toMatchObject({ traceId: parent?.traceId, retries: 1 });
  });

  it('whose client goes away ends its spans', async () => {
    await start();
    const arrived = new Promise<void>((resolve) => {
      plugin.answer = () => resolve();
    });
    const client = await openConnection(gateway.port);
    client.write('GET /api/plugin-gateway/plugin-crm/public HTTP/1.1\r\nHost: x\r\n\r\n');
    await arrived;
    client.socket.destroy();
    await gateway.journal.until('not answered to the end');
    await gateway.close();
    expect(only(SERVER)).toMatchObject([{ attributes: { 'http.response.status_code': 499 } }]);
    expect(only(CLIENT)).toMatchObject([{ attributes: { 'error.type': 'client-gone' } }]);
  });
});

it('the spans of requests that end while the gateway stops are handed over too', async () => {
  await start();
  const arrived = new Promise<void>((resolve) => {
    plugin.answer = (_request, response) => {
      setTimeout(() => response.end('late'), 200);
      resolve();
    };
  });
  const answer = get('/plugin-crm/contacts');
  await arrived;
  await gateway.close(2_000);
  expect(await answer).toBe(200);
  expect(only(SERVER)).toMatchObject([{ attributes: { 'http.response.status_code': 200 } }]);
});

describe('a collector', () => {
  const warnings = () => gateway.journal.lines.filter(({ msg }) => msg.includes('spans'));

  it('that refuses is complained about once, without its address or credentials, until it is back', async () => {
    const otlp = new URL(collector.url);
    otlp.username = 'tracer';
    otlp.password = 'hunter2hunter2';
    collector.answer = (_request, response) => response.writeHead(401).end('who are you?');
    await start({ otlp });
    for (let round = 0; round < 2; round += 1) {
      const before = collector.text.length;
      expect(await get('/plugin-crm/contacts')).toBe(200);
      await vi.waitFor(() => expect(collector.text.length).toBeGreaterThan(before), 3_000);
    }
    expect(Buffer.from(collector.authorization?.slice(6) ?? '', 'base64').toString()).toBe(
      'tracer:hunter2hunter2',
    );
    await vi.waitFor(() => expect(warnings()).toHaveLength(1));
    collector.answer = accept;
    await get('/plugin-crm/contacts');
    await gateway.journal.until('spans are exported again');
    expect(warnings()).toMatchObject([
      { level: 40, msg: expect.stringContaining('the collector answers 401') },
      { level: 30 },
    ]);
    const { text } = await gateway.context.metrics.expose();
    expect(text).toMatch(/plexica_spans_total\{outcome="failed"\} 4\n/);
    expect(text).toMatch(/plexica_spans_total\{outcome="done"\} 2\n/);
    expect(JSON.stringify(gateway.journal.lines)).not.toMatch(/hunter2|who are you/);
    expect(JSON.stringify(gateway.journal.lines)).not.toContain(otlp.port);
  });

  it('that never answers holds nothing up, not even the end', async () => {
    collector.answer = () => undefined;
    await start();
    const begin = performance.now();
    for (let index = 0; index < 100; index += 1) expect(await get('/plugin-crm/contacts')).toBe(200);
    expect(performance.now() - begin).toBeLessThan(3_000);
    const end = performance.now();
    await gateway.close();
    expect(performance.now() - end).toBeLessThan(3_500);
  });
});
