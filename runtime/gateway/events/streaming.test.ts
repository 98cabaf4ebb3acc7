import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { issuePlatformToken } from '../identity/platform-token.ts';
import { createTokenSigner } from '../identity/signed-token.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { openStream } from './stream-events.ts';
import {
  ask,
  cloudEvent,
  type Delivered,
  PUBLISHER,
  READER,
  readStream,
  SUBSCRIBER,
} from './testing/events-api.ts';

let gateway: TestGateway;
let crm: string;
let analytics: string;
let context: string;

beforeEach(async () => {
  gateway = await startGateway({ plugins: [PUBLISHER, SUBSCRIBER, READER] });
  crm = await gateway.pluginToken('plugin-crm');
  analytics = await gateway.pluginToken('plugin-analytics');
  context = await gateway.context.contexts.issue({ tenantId: 'acme', permissions: [] }, 'plugin-crm');
});
afterEach(() => gateway.close());

async function publish(...ids: string[]): Promise<void> {
  const events = ids.map((id) => cloudEvent({ id, plexicacontext: context }));
  expect((await ask(gateway.url, crm, '/events', events)).status).toBe(202);
}
const acknowledge = (body: object, token = analytics) =>
  ask(gateway.url, token, '/events/acknowledgements', body);
const ids = (delivered: readonly (Delivered | undefined)[]) => delivered.map((one) => one?.event.id);

it('delivers what was published, and goes on behind what was settled', async () => {
  await publish('e1', 'e2');
  const stream = await readStream(gateway.url, analytics);
  const got = [await stream.next(), await stream.next()];
  expect(ids(got)).toEqual(['e1', 'e2']);
  expect(got[0]).toMatchObject({ lane: 'acme plugin-crm', redeliveries: 0 });
  const settled = await acknowledge({ stream: stream.id, settled: [got[0]?.seq] });
  expect(settled.body.data).toEqual({ lost: [], open: true });
  expect((await ask(gateway.url, analytics, '/events/lag')).body.data).toMatchObject({ messages: 1 });
  stream.close();

  const next = await readStream(gateway.url, analytics, `?after=${stream.id}`);
  expect(ids([await next.next()])).toEqual(['e2']);
  next.close();
});

it('keeps dead letters before it settles, with the event as it was published', async () => {
  await publish('e1');
  const stream = await readStream(gateway.url, analytics);
  const seq = (await stream.next())?.seq;
  const letter = { seq, reason: 'handler-failed', error: 'no such address', attempts: 3, failedAt: 'now' };
  const answer = await acknowledge({ stream: stream.id, settled: [seq], deadLetters: [letter] });
  expect(answer.body.data).toEqual({ lost: [], open: true });
  const [kept] = gateway.context.events.hub?.store.deadLetters(undefined, undefined, 10) ?? [];
  expect(kept).toMatchObject({ ...letter, group: 'plugin-analytics' });
  expect(JSON.parse(kept?.body ?? '')).toEqual(cloudEvent({ id: 'e1', plexicacontext: context }));
  // Others cannot keep it in its name, nor settle it.
  const mail = await gateway.pluginToken('plugin-mail');
  const foreign = await acknowledge({ stream: stream.id, settled: [seq], deadLetters: [letter] }, mail);
  expect([foreign.status, foreign.body.code]).toEqual([409, 'event-stream-lost']);
  expect(gateway.context.events.hub?.store.deadLetters('plugin-mail', undefined, 10)).toEqual([]);
  stream.close();
});

it('says that a stream is lost', async () => {
  const answer = await acknowledge({ stream: 'another', settled: [] });
  expect([answer.status, answer.body.code]).toEqual([409, 'event-stream-lost']);
});

it('ends streams when it stops, with their last line whole', async () => {
  const stream = await readStream(gateway.url, analytics);
  await publish('e1');
  expect(ids([await stream.next()])).toEqual(['e1']);
  const [end] = await Promise.all([stream.next(), gateway.close(10_000)]);
  expect(end).toBeUndefined();
});

it('delivers no more than the window', async () => {
  await publish('e1', 'e2', 'e3');
  const stream = await readStream(gateway.url, analytics, '?window=2');
  const got = [await stream.next(), await stream.next()];
  const third = stream.next();
  await acknowledge({ stream: stream.id, settled: [got[0]?.seq] });
  expect(ids([...got, await third])).toEqual(['e1', 'e2', 'e3']);
  stream.close();
});

it('lets what an instance does not handle wait for one that does', async () => {
  const part = await readStream(gateway.url, analytics, '?names=user.login');
  await publish('e1');
  await gateway.journal.until('the rest waits for another instance');
  const whole = await readStream(gateway.url, analytics);
  expect(ids([await whole.next()])).toEqual(['e1']);
  part.close();
  whole.close();
});

it('holds back what a reader does not take', async () => {
  const data = 'x'.repeat(500_000);
  for (let n = 0; n < 40; n += 1) {
    const event = cloudEvent({ id: `big${n}`, plexicacontext: context, data });
    expect((await ask(gateway.url, crm, '/events', event)).status).toBe(202);
  }
  const { hub } = gateway.context.events;
  if (hub === undefined) return expect.fail('there are events');
  const query = new URLSearchParams();
  const request = {
    pluginId: 'plugin-analytics',
    handled: ['crm.contact.created'],
    query,
    log: gateway.journal.log,
  };
  const readable = openStream(hub, request);
  readable.pause();
  await vi.waitUntil(() => readable.readableLength > data.length);
  // Whatever happens meanwhile, nobody reads: nothing more is taken from the disk.
  for (let n = 0; n < 20; n += 1) await acknowledge({ stream: 's', settled: [1] });
  expect(readable.readableLength).toBeLessThan(3 * data.length);
  let bytes = 0;
  for await (const piece of readable) {
    bytes += piece.length;
    if (bytes > 40 * data.length) break;
  }
  expect(bytes).toBeGreaterThan(40 * data.length);
});

describe('refuses', () => {
  it.each([
    ['a name that the plugin is not told of', 'names=crm.deal.won', 403, 'event-not-declared'],
    ['no window', 'window=0', 400, 'bad-request'],
    ['a window without end', 'window=99999', 400, 'bad-request'],
    ['no number', 'window=all', 400, 'bad-request'],
  ])('%s', async (_, query, status, code) => {
    const answer = await ask(gateway.url, analytics, `/events/stream?${query}`);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('users, and nobody', async () => {
    for (const path of ['/events/stream', '/events/lag', '/events/transport']) {
      expect((await ask(gateway.url, await gateway.userToken(), path)).body.code).toBe(
        'plugin-token-required',
      );
      expect((await ask(gateway.url, undefined, path)).body.code).toBe('token-missing');
    }
    expect((await acknowledge({ stream: 's' }, await gateway.userToken())).status).toBe(403);
  });

  it.each([
    [null],
    [[]],
    ['"x"'],
    [{}],
    [{ stream: 7 }],
    [{ stream: 's', settled: ['1'] }],
    [{ stream: 's', settled: [-1] }],
    [{ stream: 's', settled: { length: 1 } }],
    [{ stream: 's', deadLetters: [{}] }],
    [{ stream: 's', deadLetters: [{ seq: 1.5, reason: 'r', attempts: 0, failedAt: 'now' }] }],
    [{ stream: 's', settled: Array.from({ length: 10_001 }, () => 1) }],
  ])('the acknowledgement %j', async (body) => {
    const answer = await acknowledge(body as object);
    expect([answer.status, answer.body.code]).toEqual([400, 'bad-request']);
  });

  it('a HEAD of a stream, which nobody would read', async () => {
    const response = await fetch(`${gateway.url}/events/stream`, { method: 'HEAD' });
    expect(response.status).toBe(405);
  });
});

it('says which transport plugins use, and no secrets', async () => {
  const { data } = (await ask(gateway.url, analytics, '/events/transport')).body;
  expect(data).toEqual({ kind: 'embedded' });
});

it('sends plugins elsewhere where events go through Kafka', async () => {
  const sasl = { mechanism: 'scram-sha-256', username: 'gw', password: 'hush' } as const;
  const events = {
    ...gateway.context.deployment().config.events,
    transport: {
      kind: 'kafka',
      brokers: ['127.0.0.1:9092'],
      clientId: 'plexica',
      prefix: 'plexica',
      partitions: 6,
      replicationFactor: undefined,
      tls: { ca: '/secret/ca.pem' },
      sasl,
    },
  } as const;
  // Nobody is told of anything, so that the gateway itself needs no Kafka.
  const plugins = [{ ...PUBLISHER, subscribes: [] }];
  const other = await startGateway({ plugins, config: { events } });
  const token = await other.pluginToken('plugin-crm');
  const { data } = (await ask(other.url, token, '/events/transport')).body;
  expect(data).toEqual({
    kind: 'kafka',
    brokers: ['127.0.0.1:9092'],
    clientId: 'plexica',
    prefix: 'plexica',
    partitions: 6,
    retentionMs: 604_800_000,
    tls: true,
    sasl: { mechanism: 'scram-sha-256' },
  });
  expect((await ask(other.url, token, '/events/stream')).body.code).toBe('events-elsewhere');
  const publishing = await ask(other.url, token, '/events', cloudEvent());
  expect([publishing.status, publishing.body.code]).toEqual([409, 'events-elsewhere']);
  // The platform has no other way than the gateway.
  const { token: platform } = await issuePlatformToken(createTokenSigner(other.keys, Date.now));
  const login = cloudEvent({ source: '/platform', type: 'user.login', data: { userId: 'ada' } });
  expect((await ask(other.url, platform, '/events', login)).body.code).toBe('event-not-declared');
  await other.close();
});
