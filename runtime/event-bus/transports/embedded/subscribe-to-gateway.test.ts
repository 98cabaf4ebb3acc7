import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../clock.ts';
import type { Message, Subscription } from '../transport.ts';
import { createEmbeddedTransport } from './embedded-transport.ts';
import { accept, refuse, type ScriptedGateway, startScriptedGateway } from './testing/scripted-gateway.ts';

/** Hurries, so that waiting for the next attempt takes no time here. */
const clock = { ...systemClock, after: (ms: number, run: () => void) => systemClock.after(ms / 20, run) };
let messages: Message[];
let failures: Error[];
let streams: ServerResponse[];
let subscriptions: Subscription[];
/** Answers in place of the gateway; false leaves it to it. */
let instead: (path: string, response: ServerResponse) => boolean;
let gateway: ScriptedGateway;

beforeEach(async () => {
  messages = [];
  failures = [];
  streams = [];
  subscriptions = [];
  instead = () => false;
  gateway = await startScriptedGateway(({ path }, response) => {
    if (instead(path, response)) return;
    if (!path.startsWith('/events/stream')) return accept(response, { open: true, lost: [] });
    streams.push(response);
    response.write(`${JSON.stringify({ stream: `s${streams.length}`, heartbeatMs: 1_000 })}\n`);
  });
});
afterEach(async () => {
  await Promise.all(subscriptions.map((subscription) => subscription.stop()));
});

async function subscribe(patience = 1_000): Promise<Subscription> {
  const transport = createEmbeddedTransport({ gateway, clock, patience });
  const subscription = await transport.subscribe({
    group: 'plugin-analytics',
    names: ['a', 'b'],
    sources: ['plugin-crm'],
    window: 50_000,
    receive: (message) => messages.push(message),
    onFailure: (error) => failures.push(error),
  });
  subscriptions.push(subscription);
  return subscription;
}

function deliver(seq: number, event: unknown = cloudEvent(`e${seq}`)): void {
  const lane = 'acme plugin-crm';
  streams.at(-1)?.write(`${JSON.stringify({ seq, lane, redeliveries: 0, event })}\n`);
}

function cloudEvent(id: string): object {
  return {
    specversion: '1.0',
    id,
    source: '/plugins/plugin-crm',
    type: 'a',
    time: '2026-01-01T00:00:00Z',
    tenantid: 'acme',
    data: { text: 'zwölf 🥚' },
  };
}

const acknowledged = () => gateway.askedFor('/events/acknowledgements').map(({ body }) => JSON.parse(body));

it('asks for what the plugin handles, within the widest window that the gateway gives', async () => {
  await subscribe();
  const query = new URLSearchParams(gateway.asked[0]?.path.split('?')[1]);
  expect(Object.fromEntries(query)).toEqual({ names: 'a,b', window: '10000' });
});

it('hands on what comes, however the lines are cut', async () => {
  await subscribe();
  const line = Buffer.from(
    `${JSON.stringify({ seq: 1, lane: 'acme plugin-crm', redeliveries: 2, event: cloudEvent('e1') })}\n`,
  );
  // In the middle of a character, too.
  for (const byte of line) streams[0]?.write(Buffer.from([byte]));
  await vi.waitUntil(() => messages.length === 1);
  expect(messages[0]).toMatchObject({
    lane: 'acme plugin-crm',
    redeliveries: 2,
    event: { id: 'e1', name: 'a', source: 'plugin-crm', data: { text: 'zwölf 🥚' } },
  });
  expect(messages[0]?.isOurs()).toBe(true);
});

it('settles many messages with one request, and a request that fails again', async () => {
  await subscribe();
  for (let seq = 1; seq <= 100; seq += 1) deliver(seq);
  await vi.waitUntil(() => messages.length === 100);
  let failing = 2;
  instead = (path, response) => {
    if (path !== '/events/acknowledgements' || failing === 0) return false;
    failing -= 1;
    response.destroy();
    return true;
  };
  for (const message of messages) message.settle();
  const all = Array.from({ length: 100 }, (_, index) => index + 1);
  await vi.waitFor(() =>
    expect(
      acknowledged()
        .filter(({ settled }) => settled.length > 0)
        .at(-1),
    ).toEqual({ stream: 's1', settled: all }),
  );
  await vi.waitUntil(() => failing === 0);
});

it('connects again, names the stream that it lost, and lets go of what that one delivered', async () => {
  await subscribe();
  deliver(1);
  await vi.waitUntil(() => messages.length === 1);
  streams[0]?.destroy();
  await vi.waitUntil(() => streams.length === 2);
  expect(gateway.askedFor('/events/stream')[1]?.path).toContain('after=s1');
  expect(messages[0]?.isOurs()).toBe(false);
  // It was handled all the same: the gateway looks whether somebody else has it.
  messages[0]?.settle();
  await vi.waitFor(() => expect(acknowledged()).toContainEqual({ stream: 's1', settled: [1] }));
  deliver(2);
  await vi.waitUntil(() => messages.length === 2);
  expect(messages[1]?.isOurs()).toBe(true);
  expect(failures).toEqual([]);
});

it('gives signs of life, and connects again when the gateway gives none', async () => {
  await subscribe();
  await vi.waitUntil(() => acknowledged().some(({ settled }) => settled.length === 0));
  // No heartbeats come from this gateway: the connection is taken for lost.
  await vi.waitUntil(() => streams.length === 2);
});

it('connects again when the gateway no longer has the stream', async () => {
  await subscribe();
  instead = (path, response) => {
    if (path !== '/events/acknowledgements') return false;
    refuse(response, 409, 'event-stream-lost');
    return true;
  };
  deliver(1);
  await vi.waitUntil(() => messages.length === 1);
  messages[0]?.settle();
  await vi.waitUntil(() => streams.length > 1);
});

it('holds back what comes while it is paused', async () => {
  const subscription = await subscribe();
  deliver(1);
  await vi.waitUntil(() => messages.length === 1);
  subscription.pause();
  deliver(2);
  messages[0]?.settle();
  await vi.waitUntil(() => acknowledged().some(({ settled }) => settled.includes(1)));
  expect(messages).toHaveLength(1);
  subscription.resume();
  await vi.waitUntil(() => messages.length === 2);
});

it('keeps a dead letter, also where the stream is lost by then', async () => {
  await subscribe();
  deliver(7, 'no event at all');
  await vi.waitUntil(() => messages.length === 1);
  const [message] = messages;
  expect(message).toMatchObject({
    event: undefined,
    raw: 'no event at all',
    problem: 'it is not a JSON object',
  });
  const transport = createEmbeddedTransport({ gateway, clock });
  const letter = {
    group: 'plugin-analytics',
    event: undefined,
    raw: '',
    origin: message?.origin ?? '',
    reason: 'not-an-event',
    error: 'no',
    attempts: 0,
    failedAt: 'now',
  } as const;
  instead = (path, response) => {
    if (path === '/events/acknowledgements') refuse(response, 409, 'event-stream-lost');
    return path === '/events/acknowledgements';
  };
  await transport.deadLetter(letter);
  const { reason, error, attempts, failedAt } = letter;
  expect(acknowledged()).toContainEqual({
    stream: 's1',
    deadLetters: [{ seq: 7, reason, error, attempts, failedAt }],
  });
  instead = (_, response) => {
    refuse(response, 503, 'events-unavailable');
    return true;
  };
  await expect(transport.deadLetter(letter)).rejects.toMatchObject({ code: 'transport-unavailable' });
});

it('says that it is refused, and ends', async () => {
  await subscribe();
  instead = (_, response) => {
    refuse(response, 403, 'event-not-declared');
    return true;
  };
  streams[0]?.end();
  await vi.waitUntil(() => failures.length === 1);
  expect(failures[0]).toMatchObject({
    code: 'transport-refused',
    message: 'the gateway refuses: no: event-not-declared',
  });
});

it('waits for another token for a while', async () => {
  await subscribe();
  instead = (_, response) => {
    if (gateway.token !== 'first') return false;
    refuse(response, 401, 'token-invalid');
    return true;
  };
  streams[0]?.end();
  await vi.waitUntil(() => gateway.askedFor('/events/stream').length > 2);
  gateway.token = 'second';
  await vi.waitUntil(() => streams.length === 2);
  expect(failures).toEqual([]);
});

it('does not begin where it is refused, and for the group of somebody else', async () => {
  instead = (_, response) => {
    refuse(response, 401, 'token-invalid');
    return true;
  };
  await expect(subscribe()).rejects.toMatchObject({ code: 'transport-refused' });
  const other = createEmbeddedTransport({ gateway }).subscribe({
    group: 'plugin-crm',
    names: ['a'],
    sources: [],
    window: 1,
    receive: () => undefined,
    onFailure: () => undefined,
  });
  await expect(other).rejects.toMatchObject({ code: 'setup-invalid' });
});

it('ends with everything settled that was handled', async () => {
  const subscription = await subscribe();
  deliver(1);
  await vi.waitUntil(() => messages.length === 1);
  messages[0]?.settle();
  await subscription.stop();
  expect(acknowledged()).toContainEqual({ stream: 's1', settled: [1] });
});
