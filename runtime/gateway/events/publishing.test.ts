import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { upstreamOf } from '../config/testing/config-of.ts';
import { issuePlatformToken } from '../identity/platform-token.ts';
import { createTokenSigner } from '../identity/signed-token.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { type Answered, ask, cloudEvent, PUBLISHER, READER, SUBSCRIBER } from './testing/events-api.ts';

const IDENTITY = { tenantId: 'acme', userId: 'ada', permissions: [] };
/** What it is, how it is made, and the answer to it. */
type Case<Made> = readonly [string, () => Made, number, string];

let gateway: TestGateway;
let crm: string;
let platform: string;
/** Of a request of ada of acme that plugin-crm is serving. */
let context: string;

beforeAll(async () => {
  gateway = await startGateway({
    plugins: [PUBLISHER, SUBSCRIBER, READER],
    payloads: {
      'crm.contact.created': {
        type: 'object',
        required: ['contactId'],
        properties: { contactId: { type: 'string' }, stars: { type: 'integer', default: 3 } },
        additionalProperties: false,
      },
      'crm.deal.won': {},
      'analytics.report.made': {},
      'user.login': {},
    },
    settings: { 'plugin-analytics': upstreamOf({ actAsTenants: ['granted'] }) },
  });
  crm = await gateway.pluginToken('plugin-crm');
  platform = (await issuePlatformToken(createTokenSigner(gateway.keys, Date.now))).token;
  context = await gateway.context.contexts.issue(IDENTITY, 'plugin-crm');
});
afterAll(() => gateway.close());

let count = 0;
beforeEach(() => {
  count += 1;
});
const fresh = (rest = {}) => cloudEvent({ id: `e${count}`, plexicacontext: context, ...rest });
const publish = (event: unknown, token: string | undefined = crm, headers = {}): Promise<Answered> =>
  ask(gateway.url, token, '/events', event, headers);
const last = () => {
  const store = gateway.context.events.hub?.store;
  const [message] = store?.tail(store.last() - 1, 1) ?? [];
  return JSON.parse(message?.body ?? '{}');
};

it('keeps an event, says so, and says what it has already', async () => {
  const event = fresh();
  expect(await publish(event)).toEqual({
    status: 202,
    body: { success: true, data: { ids: [event.id], duplicates: [] } },
  });
  expect((await publish(event)).body.data).toEqual({ ids: [event.id], duplicates: [event.id] });
  expect(last()).toEqual(event);
});

it('takes a batch, in order, under the media types of CloudEvents', async () => {
  const batch = [fresh({ id: `a${count}` }), fresh({ id: `b${count}` })];
  const { status, body } = await publish(batch, crm, {
    'content-type': 'application/cloudevents-batch+json',
  });
  expect([status, body.data.ids]).toEqual([202, batch.map(({ id }) => id)]);
});

describe('whose event it is', () => {
  it('is proven by the context of the request that is served', async () => {
    const event = { ...fresh(), plexicacontext: undefined };
    expect((await publish(event, crm, { 'x-plexica-context': context })).status).toBe(202);
    const kept = await gateway.context.contexts.verify(last().plexicacontext, 'plugin-crm');
    expect(kept).toMatchObject({ identity: IDENTITY });
  });

  it('is proven by a context that has expired meanwhile, as long as events are kept', async () => {
    const signer = createTokenSigner(gateway.keys, () => Date.now() - 3_600_000);
    const claims = { aud: 'plugin-crm', tenant: 'acme', permissions: [] };
    const old = await signer.sign('plexica-context+jwt', claims, 60_000);
    expect((await publish(fresh({ plexicacontext: old.token }))).status).toBe(202);
    const older = createTokenSigner(gateway.keys, () => Date.now() - 8 * 24 * 3_600_000);
    const tooOld = await older.sign('plexica-context+jwt', claims, 60_000);
    expect(await publish(fresh({ plexicacontext: tooOld.token }))).toMatchObject({ status: 403 });
  });

  it('is proven by the context of an event that the plugin handles', async () => {
    const token = await gateway.pluginToken('plugin-analytics');
    const event = fresh({ source: '/plugins/plugin-analytics', type: 'analytics.report.made' });
    expect((await publish(event, token)).status).toBe(202);
  });

  it('may be granted', async () => {
    const token = await gateway.pluginToken('plugin-analytics');
    const event = { ...fresh({ source: '/plugins/plugin-analytics', type: 'analytics.report.made' }) };
    const without = { ...event, plexicacontext: undefined };
    expect((await publish({ ...without, tenantid: 'granted' }, token)).status).toBe(202);
    expect((await publish(without, token)).body.code).toBe('tenant-context-missing');
  });

  it('is what the platform says, of core events', async () => {
    const login = fresh({
      source: '/platform',
      type: 'user.login',
      tenantid: 'any',
      userid: 'eve',
      plexicacontext: undefined,
    });
    expect((await publish(login, platform)).status).toBe(202);
    const context = await gateway.context.contexts.verify(last().plexicacontext, 'platform');
    expect(context?.identity).toEqual({ tenantId: 'any', userId: 'eve', permissions: [] });
  });
});

describe('refuses', () => {
  const refusals: readonly (readonly [string, object | (() => object | Promise<object>), number, string])[] =
    [
      [
        'an event that the manifest does not list',
        { type: 'crm.contact.deleted' },
        403,
        'event-not-declared',
      ],
      ['another plugin’s event', { type: 'analytics.report.made' }, 403, 'event-not-declared'],
      ['a core event', { type: 'user.login' }, 403, 'event-not-declared'],
      ['a name that objects have anyway', { type: 'constructor' }, 403, 'event-not-declared'],
      ['the name of another plugin', { source: '/plugins/plugin-analytics' }, 403, 'event-source-foreign'],
      ['the name of the platform', { source: '/platform' }, 403, 'event-source-foreign'],
      ['a source of nobody', { source: 'https://example.com' }, 400, 'event-invalid'],
      ['another tenant', { tenantid: 'globex' }, 403, 'tenant-not-granted'],
      ['another user', { userid: 'eve' }, 403, 'tenant-context-invalid'],
      ['no context', { plexicacontext: undefined }, 403, 'tenant-context-missing'],
      [
        'a forged context',
        () => ({ plexicacontext: `${context.slice(0, -4)}AAAA` }),
        403,
        'tenant-context-invalid',
      ],
      ['a plugin token as context', () => ({ plexicacontext: crm }), 403, 'tenant-context-invalid'],
      [
        'the context of a plugin whose events it is not told of',
        async () => ({ plexicacontext: await gateway.context.contexts.issue(IDENTITY, 'plugin-mail') }),
        403,
        'tenant-context-invalid',
      ],
      ['a payload against its schema', { data: { contactId: 7, extra: true } }, 400, 'event-invalid'],
      ['another version of CloudEvents', { specversion: '0.3' }, 400, 'event-invalid'],
      ['no time', { time: 'yesterday' }, 400, 'event-invalid'],
      ['an id that is endless', { id: 'x'.repeat(10_000) }, 400, 'event-invalid'],
    ];

  it.each(refusals)('%s', async (_, rest, status, code) => {
    const given = typeof rest === 'function' ? await rest() : rest;
    const before = gateway.context.events.hub?.store.last();
    const answer = await publish(fresh(given));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(gateway.context.events.hub?.store.last()).toBe(before);
  });

  it('a batch with one that is wrong, as a whole, and says which', async () => {
    const before = gateway.context.events.hub?.store.last();
    const { status, body } = await publish([fresh(), fresh({ id: 'x', data: { contactId: 7 } })]);
    expect([status, body.details]).toEqual([
      400,
      [{ in: 'body', path: '/1/data/contactId', message: 'must be a string' }],
    ]);
    expect(gateway.context.events.hub?.store.last()).toBe(before);
  });

  const strangers: readonly Case<string | undefined | Promise<string>>[] = [
    ['nobody', () => undefined, 401, 'token-missing'],
    ['a user', () => gateway.userToken(), 403, 'plugin-token-required'],
    ['a forged token', () => `${crm.slice(0, -4)}AAAA`, 401, 'token-invalid'],
  ];

  it.each(strangers)('%s', async (_, tokenOf, status, code) => {
    const answer = await ask(gateway.url, await tokenOf(), '/events', fresh());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('the platform for anything but core events in its own name', async () => {
    const own = await publish(fresh({ source: '/platform' }), platform);
    expect([own.status, own.body.code]).toEqual([403, 'event-not-declared']);
    expect((await publish(fresh(), platform)).body.code).toBe('event-source-foreign');
    for (const path of ['/events/stream', '/events/lag', '/plugins', '/plugin-crm/contacts']) {
      expect((await ask(gateway.url, platform, path)).status).toBeGreaterThanOrEqual(401);
    }
  });

  const bodies: readonly Case<string>[] = [
    [
      'too large an event',
      () => JSON.stringify(fresh({ data: 'x'.repeat(1.5 * 1024 * 1024) })),
      413,
      'body-too-large',
    ],
    [
      'too large a body',
      () => JSON.stringify(fresh({ data: 'x'.repeat(5 * 1024 * 1024) })),
      413,
      'body-too-large',
    ],
    [
      'too many events',
      () => JSON.stringify(Array.from({ length: 501 }, () => fresh())),
      400,
      'event-invalid',
    ],
    ['no events', () => '[]', 400, 'event-invalid'],
    ['nothing', () => '', 400, 'bad-request'],
    ['a text', () => '"e"', 400, 'event-invalid'],
    ['null', () => 'null', 400, 'event-invalid'],
    ['half an event', () => JSON.stringify(fresh()).slice(0, -5), 400, 'bad-request'],
    [
      'a prototype',
      () => `{"__proto__":{"source":"/platform"},${JSON.stringify(fresh()).slice(1)}`,
      400,
      'bad-request',
    ],
    [
      'a field that stands twice',
      () => `{"tenantid":"globex",${JSON.stringify(fresh()).slice(1)}`,
      400,
      'bad-request',
    ],
    ['depths', () => `{"data":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 400, 'bad-request'],
  ];

  it.each(bodies)('%s', async (_, text, status, code) => {
    const answer = await publish(text());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('bytes that are no text, and another media type', async () => {
    expect((await publish(new Uint8Array([0x7b, 0xff, 0x7d]))).body.code).toBe('bad-request');
    const answer = await publish('<event/>', crm, { 'content-type': 'application/xml' });
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported-media-type']);
  });
});

describe('the exchange of contexts', () => {
  const exchange = async (body: unknown, pluginId = 'plugin-analytics'): Promise<Answered> =>
    ask(gateway.url, await gateway.pluginToken(pluginId), '/context', body);

  it('gives a handler one of its own', async () => {
    const { status, body } = await exchange({ event: 'crm.contact.created', context });
    expect([status, body.data.expiresInMs]).toEqual([200, 40_000]);
    const verified = await gateway.context.contexts.verify(body.data.context, 'plugin-analytics');
    expect(verified?.identity).toEqual(IDENTITY);
  });

  it('follows events over several plugins', async () => {
    const { status } = await exchange({ event: 'analytics.report.made', context }, 'plugin-mail');
    expect(status).toBe(200);
  });

  it.each([
    ['an event that the caller is not told of', 'plugin-mail', 'crm.contact.created', () => context],
    ['an event of nobody', 'plugin-analytics', 'toString', () => context],
    [
      'a context of a plugin that has nothing to do with the event',
      'plugin-analytics',
      'crm.contact.created',
      () => gateway.context.contexts.issue(IDENTITY, 'plugin-mail'),
    ],
    ['a forged context', 'plugin-analytics', 'crm.contact.created', () => `${context.slice(0, -4)}AAAA`],
    ['a token', 'plugin-analytics', 'crm.contact.created', () => crm],
  ] as const)('refuses %s', async (_, caller, event, contextOf) => {
    const { status, body } = await exchange({ event, context: await contextOf() }, caller);
    expect([status, body.code]).toEqual([403, 'context-refused']);
  });

  it.each([[{}], [[]], [null], [{ event: 'a' }], [{ event: '', context: 'c' }], [{ event: 1, context: {} }]])(
    'refuses %j',
    async (body) => expect((await exchange(body)).body.code).toBe('bad-request'),
  );
});
