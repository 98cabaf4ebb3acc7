import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { issuePlatformToken } from '../../runtime/gateway/identity/platform-token.ts';
import { createTokenSigner } from '../../runtime/gateway/identity/signed-token.ts';
import { ANALYTICS, CRM } from '../../runtime/gateway/testing/start-gateway.ts';
import { echo } from '../../runtime/gateway/testing/start-plugin.ts';
import { head, headersOf, last, lastWith, ROUTES, startTarget, type Target } from './support/start-target.ts';

/** What a hook of CRM was told. */
interface Told {
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Readonly<Record<string, unknown>>;
}

let target: Target;
let told: Told[];
/** `Authorization: Bearer …` by plugin. */
const as: Record<string, string> = {};
beforeAll(async () => {
  const crm = {
    ...CRM,
    routes: ROUTES,
    publishes: ['crm.contact.created'],
    hooks: ['user.login', 'report.made'],
    subscribes: ['report.made'],
  };
  const reports = {
    ...ANALYTICS,
    id: 'plugin-reports',
    publishes: ['report.made'],
    subscribes: ['crm.contact.created'],
  };
  target = await startTarget({
    plugins: [crm, reports],
    validation: {},
    payloads: { 'crm.contact.created': {}, 'report.made': {}, 'user.login': {} },
    settings: { 'plugin-reports': { actAsTenants: ['granted'] } },
  });
  for (const id of ['plugin-crm', 'plugin-reports']) {
    const token = await target.gateway.pluginToken(id);
    target.keepSecret(token);
    as[id] = `Authorization: Bearer ${token}`;
  }
  const { token } = await issuePlatformToken(createTokenSigner(target.gateway.keys, Date.now));
  target.keepSecret(token);
  as.platform = `Authorization: Bearer ${token}`;
  target.crm.answer = (request, response) => {
    if (!request.url?.startsWith('/hooks/')) return echo(request, response);
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { rawHeaders } = request;
      const headers = headersOf({ method: 'POST', target: '', rawHeaders, headers: request.headers });
      told.push({ headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.writeHead(204).end();
    });
  };
});
afterAll(() => target.close());
beforeEach(() => {
  told = [];
});

const JSON_TYPE = 'Content-Type: application/json';

function event(rest: object = {}): object {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: '/plugins/plugin-reports',
    type: 'report.made',
    time: '2026-01-01T00:00:00Z',
    datacontenttype: 'application/json',
    tenantid: 'granted',
    data: {},
    ...rest,
  };
}

async function post(path: string, body: unknown, ...lines: readonly string[]) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const [answer] = await target.send(lastWith(`POST ${path}`, text, JSON_TYPE, ...lines));
  return answer ?? expect.fail('there was no answer');
}

const publish = (body: unknown, who = 'plugin-reports') => post('/events', body, as[who] ?? '');

describe('a hook is told of nobody whom nobody proved', () => {
  it('by a plugin that may act for the tenant, and not as its users', async () => {
    const answer = await publish(event({ userid: 'root', workspaceid: 'theirs' }));
    expect(answer.status).toBe(202);
    await vi.waitFor(() => expect(told).toHaveLength(1));
    const [{ headers, body }] = told as [Told];
    expect([headers.get('x-tenant-id'), headers.get('x-user-id'), headers.get('x-workspace-id')]).toEqual([
      ['granted'],
      undefined,
      undefined,
    ]);
    expect(body).not.toHaveProperty('userId');
    expect(body).not.toHaveProperty('workspaceId');
    const [context = ''] = headers.get('x-plexica-context') ?? [];
    target.keepSecret(context);
    expect(await target.gateway.context.contexts.verify(context, 'plugin-crm')).toMatchObject({
      identity: { tenantId: 'granted', permissions: [] },
    });
    expect(JSON.stringify(await target.gateway.context.contexts.verify(context, 'plugin-crm'))).not.toContain(
      'root',
    );
  });

  it('but of the user of the request that a plugin is serving', async () => {
    const identity = { tenantId: 'alpha', userId: 'ada', workspaceId: 'w1', permissions: ['p:q'] };
    const plexicacontext = await target.gateway.context.contexts.issue(identity, 'plugin-reports');
    target.keepSecret(plexicacontext);
    expect(
      (await publish(event({ tenantid: 'alpha', userid: 'ada', workspaceid: 'w1', plexicacontext }))).status,
    ).toBe(202);
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(told[0]?.headers.get('x-user-id')).toEqual(['ada']);
    expect(told[0]?.headers.get('x-workspace-id')).toEqual(['w1']);
  });

  it('nor in words that would be other headers', async () => {
    const evil = 'x\r\nX-User-ID: root';
    for (const rest of [
      { correlationid: evil },
      { correlationid: 'ключ' },
      { traceparent: evil },
      { traceparent: 'x' },
      { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: evil },
      { id: `${randomUUID()}\r\nX-User-ID: root` },
    ]) {
      expect((await publish(event(rest))).status).toBe(202);
    }
    await vi.waitFor(() => expect(told).toHaveLength(6));
    for (const { headers } of told) {
      expect(headers.get('x-user-id')).toBeUndefined();
      expect(JSON.stringify([...headers])).not.toMatch(/root|ключ/);
      for (const trace of headers.get('traceparent') ?? [])
        expect(trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
    }
    const refused = [
      { tenantid: evil },
      { tenantid: 'granted\u0000' },
      { source: `/plugins/plugin-reports\r\n` },
      { type: 'report.made\r\n' },
    ];
    for (const rest of refused) expect([400, 403]).toContain((await publish(event(rest))).status);
  });
});

describe('nobody else', () => {
  const paths = ['/events', '/events/acknowledgements', '/context'];
  it('publishes, settles or exchanges', async () => {
    const context = await target.gateway.context.contexts.issue(
      { tenantId: 'granted', permissions: [] },
      'plugin-reports',
    );
    target.keepSecret(context);
    for (const path of paths) {
      const statuses = [
        (await post(path, event())).status,
        (await post(path, event(), target.asAda)).status,
        (await post(path, event(), `Authorization: Bearer ${context}`)).status,
        (await post(path, event(), `X-Plexica-Context: ${context}`)).status,
        (await post(path, event(), 'Authorization: Basic cGxhdGZvcm06')).status,
      ];
      expect([path, statuses]).toEqual([path, [401, 403, 401, 401, 401]]);
    }
    const [stream] = await target.send(last('GET /events/stream', target.asAda));
    expect(stream?.status).toBe(403);
  });

  it('speaks for another plugin, or for the platform', async () => {
    for (const rest of [
      { source: '/platform' },
      { source: '/platform', type: 'user.login' },
      { source: '/plugins/plugin-crm' },
      { source: '/plugins/plugin-crm', type: 'crm.contact.created' },
      { type: 'crm.contact.created' },
      { type: 'user.login' },
      { type: '__proto__' },
      { type: 'toString' },
      { tenantid: 'other' },
      { tenantid: 'GRANTED' },
      { tenantid: '*' },
      { tenantid: 'granted, other' },
    ]) {
      const answer = await publish(event(rest));
      expect([rest, answer.status]).toEqual([rest, 403]);
      const batch = await publish([event(), event(rest)]);
      expect([rest, batch.status]).toEqual([rest, 403]);
    }
    expect((await publish(event({ source: '/plugins/PLUGIN-REPORTS' }))).status).toBe(400);
    expect((await publish(event(), 'platform')).status).toBe(403);
    expect((await publish(event({ source: '/platform' }), 'platform')).status).toBe(403);
    expect(told).toEqual([]);
  });

  it('hears what is not for it', async () => {
    for (const query of [
      '?names=report.made',
      '?names=crm.contact.created,report.made',
      '?names=user.login',
      '?names=__proto__',
      '?names=',
      '?names=report.made&names=crm.contact.created',
      '?group=hooks:plugin-crm&names=report.made',
    ]) {
      const [answer] = await target.send(last(`GET /events/stream${query}`, as['plugin-reports'] ?? ''));
      expect([query, answer?.status]).toEqual([query, 403]);
    }
  });

  it('settles, or buries, what another was given', async () => {
    const streams = ['plugin-crm', 'hooks:plugin-crm', randomUUID(), '__proto__', '*'];
    for (const stream of streams) {
      const settled = { stream, settled: Array.from({ length: 100 }, (_, at) => at) };
      expect(
        (await post('/events/acknowledgements', settled, as['plugin-reports'] ?? '')).status,
      ).toBeGreaterThanOrEqual(400);
    }
    const letter = { seq: 1, reason: 'failed', error: 'x', attempts: 1, failedAt: '2026-01-01T00:00:00Z' };
    await post(
      '/events/acknowledgements',
      { stream: randomUUID(), settled: [], deadLetters: [letter] },
      as['plugin-reports'] ?? '',
    );
    // What is published now still arrives where it is wanted.
    expect((await publish(event())).status).toBe(202);
    await vi.waitFor(() => expect(told).toHaveLength(1));
  });
});

it('the platform’s token is good for core events, and for nothing else', async () => {
  const platform = as.platform ?? '';
  const login = event({ source: '/platform', type: 'user.login', tenantid: 'alpha', userid: 'ada' });
  expect((await publish(login, 'platform')).status).toBe(202);
  await vi.waitFor(() => expect(told).toHaveLength(1));
  expect(told[0]?.headers.get('x-user-id')).toEqual(['ada']);
  for (const text of [
    last('GET /plugin-crm/contacts', platform),
    last('GET /plugin-crm/public', platform),
    last('GET /services', platform),
    last('GET /events/stream', platform),
    last('GET /events/transport', platform),
    lastWith('POST /context', '{}', JSON_TYPE, platform),
    lastWith('POST /services/register', '{}', JSON_TYPE, platform),
    last('GET /admin/status', platform).replace('gateway.example', 'localhost'),
    last('GET /metrics', platform).replace('gateway.example', 'evil.example'),
  ]) {
    expect([text.split('\r\n')[0], (await target.send(text))[0]?.status]).toEqual([
      text.split('\r\n')[0],
      401,
    ]);
  }
  for (const evil of [{ tenantid: 'a\r\nb' }, { userid: 'ada\r\nX-Tenant-ID: evil' }, { workspaceid: 'é' }]) {
    expect((await publish({ ...login, id: randomUUID(), ...evil }, 'platform')).status).toBe(400);
  }
});

it('a body that is read in two ways is none', async () => {
  const text = JSON.stringify(event());
  for (const body of [
    text.replace('{', '{"tenantid":"other",'),
    text.replace(/}$/, ',"tenantid":"other"}'),
    text.replace('{', '{"__proto__":{"tenantid":"other"},'),
    text.replace('"data":{}', '"data":{"a":1,"a":2}'),
    text.replace('"data":{}', '"data":{"constructor":{"prototype":{"x":1}}}'),
    `${text}${text}`,
  ]) {
    expect((await publish(body)).status).toBe(400);
  }
  expect(told).toEqual([]);
});

it('a stream is not opened by what is no GET, nor through a smuggled one', async () => {
  const line = as['plugin-reports'] ?? '';
  const [refused] = await target.send(last('HEAD /events/stream', line), ['HEAD']);
  expect(refused?.status).toBe(405);
  const inner = head('GET /events/stream', line);
  const answers = await target.send(`${lastWith('POST /events', inner, JSON_TYPE, line)}`);
  expect(answers.map(({ status }) => status)).toEqual([400]);
});
