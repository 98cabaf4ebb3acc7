import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createJournal } from '../instances/testing/journal.ts';
import type { DeliveredMessage } from './deliver-events.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import type { StoredEvent } from './store/event-store.ts';
import { openEventStore } from './store/open-event-store.ts';

let folder: string;
const hubs: EventHub[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-events-'));
});

afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.close();
  await rm(folder, { recursive: true, force: true });
});

function open(limits: { retention?: number; maxSize?: number; now?: () => number } = {}): EventHub {
  const store = openEventStore({
    file: join(folder, 'events.db'),
    retention: limits.retention ?? 3_600_000,
    maxSize: limits.maxSize ?? 1024 ** 3,
    now: limits.now ?? Date.now,
  });
  const hub = createEventHub({ store, log: createJournal().log });
  hubs.push(hub);
  return hub;
}

let count = 0;
function event(tenantId: string, rest: Partial<StoredEvent> = {}): StoredEvent {
  count += 1;
  const id = `e${count}`;
  return { id, source: 'plugin-crm', name: 'a', tenantId, body: `{"id":"${id}"}`, groups: ['g'], ...rest };
}

/** A stream that settles what it gets, unless it is told not to. */
function subscribe(
  hub: EventHub,
  options: { group?: string; names?: string[]; settle?: boolean; window?: number; after?: string } = {},
) {
  const { group = 'g', names = ['a'], settle = true, window = 100, after } = options;
  const got: DeliveredMessage[] = [];
  const stream = hub.open({
    group,
    names,
    window,
    ...(after === undefined ? {} : { after }),
    deliver(message) {
      got.push(message);
      if (settle) setImmediate(() => hub.settle(group, stream.id, [message.seq]));
    },
  });
  return { got, stream, bodies: () => got.map(({ body }) => body) };
}

it('delivers what was published before and after a stream is opened, in order per lane', async () => {
  const hub = open();
  const events = Array.from({ length: 500 }, (_, index) => event(`t${index % 7}`));
  await hub.publish(events.slice(0, 250));
  const { got } = subscribe(hub);
  for (const one of events.slice(250)) await hub.publish([one]);
  await vi.waitUntil(() => got.length === events.length);
  for (const lane of new Set(got.map((message) => message.lane))) {
    const seqs = got.filter((message) => message.lane === lane).map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  }
  await vi.waitUntil(() => hub.store.lag('g', ['a']).messages === 0);
});

it('keeps an event once, however often it is published', async () => {
  const hub = open();
  const one = event('t');
  expect(await hub.publish([one, one])).toEqual([true, false]);
  expect(await hub.publish([one])).toEqual([false]);
  const { got } = subscribe(hub);
  await vi.waitUntil(() => got.length === 1);
});

it('gives what a closed stream had not settled to another, and counts', async () => {
  const hub = open();
  await hub.publish([event('t'), event('t'), event('u')]);
  const first = subscribe(hub, { settle: false });
  await vi.waitUntil(() => first.got.length === 3);
  first.stream.close();
  const second = subscribe(hub);
  await vi.waitUntil(() => second.got.length === 3);
  expect(second.got.filter(({ redeliveries }) => redeliveries === 1)).toHaveLength(2);
});

it('never gives one lane to two streams at once', async () => {
  const hub = open();
  await hub.publish(Array.from({ length: 20 }, () => event('t')));
  const first = subscribe(hub, { settle: false, window: 400 });
  const second = subscribe(hub, { settle: false, window: 400 });
  await vi.waitUntil(() => first.got.length + second.got.length === 20);
  expect([first.got.length, second.got.length]).toContain(0);
});

it('lets several processes work on one file', async () => {
  const [one, other] = [open(), open()];
  const first = subscribe(one);
  const second = subscribe(other);
  for (let round = 0; round < 50; round += 1) await other.publish([event(`t${round}`)]);
  await vi.waitUntil(() => first.got.length + second.got.length === 50);
  expect(new Set([...first.bodies(), ...second.bodies()]).size).toBe(50);
});

it('delivers no more than the window, and goes on when something is settled', async () => {
  const hub = open();
  await hub.publish(Array.from({ length: 30 }, (_, index) => event(`t${index}`)));
  const { got, stream } = subscribe(hub, { settle: false, window: 10 });
  await vi.waitUntil(() => got.length === 10);
  hub.settle(
    'g',
    stream.id,
    got.slice(0, 4).map(({ seq }) => seq),
  );
  await vi.waitUntil(() => got.length === 14);
});

it('settles for a stream that ended, until another one has the lane', async () => {
  const hub = open();
  await hub.publish([event('t'), event('t')]);
  const first = subscribe(hub, { settle: false });
  await vi.waitUntil(() => first.got.length === 2);
  first.stream.close();
  const [one = 0, two = 0] = first.got.map(({ seq }) => seq);
  expect(hub.settle('g', first.stream.id, [one])).toEqual({ lost: [], open: false });
  expect(hub.store.lag('g', ['a']).messages).toBe(1);
  const second = subscribe(hub, { settle: false });
  await vi.waitUntil(() => second.got.length === 1);
  // What is settled already is no news; the other message is another stream's.
  expect(hub.settle('g', first.stream.id, [one, two])).toEqual({ lost: [two], open: false });
  expect(hub.store.lag('g', ['a']).messages).toBe(1);
});

it('frees what a reader had as soon as it comes again, and does not count that', async () => {
  const [dead, hub] = [open(), open()];
  await hub.publish([event('t'), event('u')]);
  const first = subscribe(dead, { settle: false, window: 2 });
  await vi.waitUntil(() => first.got.length === 2);
  // Its process is gone: it gives nothing back.
  const second = subscribe(hub, { settle: false, after: first.stream.id });
  await vi.waitUntil(() => second.got.length === 2);
  expect(second.got.map(({ redeliveries }) => redeliveries)).toEqual([0, 0]);
});

it('gives every lane its turn when there is more than the window holds', async () => {
  const hub = open();
  const flood = Array.from({ length: 300 }, (_, index) => event(`a${index % 3}`));
  await hub.publish([...flood, event('z')]);
  const { got } = subscribe(hub, { window: 4 });
  await vi.waitUntil(() => got.some(({ lane }) => lane === 'z plugin-crm'));
  expect(got.findIndex(({ lane }) => lane === 'z plugin-crm')).toBeLessThan(20);
  await vi.waitUntil(() => got.length === 301);
});

it('begins a lane anew with what its group wants first', async () => {
  const hub = open();
  await hub.publish([event('t')]);
  const { got, stream } = subscribe(hub);
  await vi.waitUntil(() => hub.store.lag('g', ['a']).messages === 0);
  stream.close();
  await hub.publish([event('t', { name: 'b', groups: [] })]);
  await hub.publish([event('t', { name: 'b' })]);
  const later = subscribe(hub, { names: ['a', 'b'] });
  await vi.waitUntil(() => later.got.length === 1);
  expect(later.got[0]?.seq).toBe((got[0]?.seq ?? 0) + 2);
});

it('keeps a dead letter once per message and group, and gives it again', async () => {
  const hub = open();
  await hub.publish([event('t'), event('t')]);
  const { got } = subscribe(hub);
  await vi.waitUntil(() => got.length === 2);
  const letter = {
    seq: got[0]?.seq ?? 0,
    group: 'g',
    reason: 'r',
    error: 'no',
    attempts: 3,
    failedAt: 'now',
  };
  expect(hub.store.keepDeadLetter(letter, ['a'])).toBe(true);
  expect(hub.store.keepDeadLetter({ ...letter, error: 'still no' }, ['a'])).toBe(true);
  expect(hub.store.keepDeadLetter({ ...letter, seq: 999 }, ['a'])).toBe(false);
  expect(hub.store.keepDeadLetter({ ...letter, group: 'h' }, ['b'])).toBe(false);
  expect(hub.store.deadLetters('h', undefined, 10)).toEqual([]);
  expect(hub.store.deadLetters('g', undefined, 10)).toMatchObject([{ ...letter, error: 'still no' }]);
  for (const times of [1, 2]) {
    expect(hub.store.replay(letter)).toBe(true);
    expect(hub.store.replay(letter)).toBe(false);
    hub.wake();
    await vi.waitUntil(() => got.length === 2 + times);
    expect(got.at(-1)?.body).toBe(got[0]?.body);
    hub.store.keepDeadLetter(letter, ['a']);
  }
  expect(hub.store.tail(0, 10)).toHaveLength(2);
});

it('ends the stream of a reader that says nothing, and gives what it had to another', async () => {
  let time = Date.now();
  const hub = open({ now: () => time });
  const ended = Promise.withResolvers<void>();
  const got: number[] = [];
  await hub.publish([event('t')]);
  hub.open({
    group: 'g',
    names: ['a'],
    window: 10,
    deliver: ({ seq }) => got.push(seq),
    onEnd: ended.resolve,
  });
  await vi.waitUntil(() => got.length === 1);
  time += 60_000;
  await ended.promise;
  const second = subscribe(hub);
  await vi.waitUntil(() => second.got.length === 1);
});

it('keeps a reader that says something, though it settles nothing', async () => {
  let time = Date.now();
  const hub = open({ now: () => time });
  await hub.publish([event('t')]);
  const { got, stream } = subscribe(hub, { settle: false });
  await vi.waitUntil(() => got.length === 1);
  for (let round = 0; round < 5; round += 1) {
    time += 20_000;
    expect(hub.settle('g', stream.id, [])).toEqual({ lost: [], open: true });
  }
  expect(hub.settle('g', stream.id, [got[0]?.seq ?? 0])).toEqual({ lost: [], open: true });
});

it('shows its files to nobody else', async () => {
  const hub = open();
  await hub.publish([event('t')]);
  for (const file of ['events.db', 'events.db-wal', 'events.db-shm']) {
    expect((await stat(join(folder, file))).mode & 0o777, file).toBe(0o600);
  }
});

it('gives back to the disk what it has forgotten', async () => {
  const hub = open({ retention: -1 });
  const body = JSON.stringify({ text: 'x'.repeat(10_000) });
  await hub.publish(Array.from({ length: 300 }, () => event('t', { body })));
  const { size } = await stat(join(folder, 'events.db'));
  while (hub.store.prune().more);
  await hub.close();
  hubs.length = 0;
  const after = await stat(join(folder, 'events.db'));
  expect(after.size).toBeLessThan(Math.max(size, 3_000_000) / 2);
});

it('remembers everything when the file is opened again', async () => {
  const hub = open();
  await hub.publish([event('t'), event('t')]);
  const first = subscribe(hub, { settle: false });
  await vi.waitUntil(() => first.got.length === 2);
  hub.settle('g', first.stream.id, [first.got[0]?.seq ?? 0]);
  await hub.close();
  hubs.length = 0;
  const { got } = subscribe(open());
  await vi.waitUntil(() => got.length === 1);
  expect(got[0]?.seq).toBe(first.got[1]?.seq);
});

it('forgets what is too old, and no lane waits for it', async () => {
  const hub = open({ retention: -1 });
  await hub.publish([event('t'), event('u')]);
  expect(hub.store.prune()).toEqual({ events: 2, behind: ['g'], more: true });
  const { got } = subscribe(hub);
  await vi.waitUntil(() => hub.store.lag('g', ['a']).messages === 0);
  await hub.publish([event('t')]);
  await vi.waitUntil(() => got.length === 1);
});

it('forgets the oldest when there is more than is kept', async () => {
  const hub = open({ maxSize: 2 * 1024 * 1024 });
  const body = JSON.stringify({ text: 'x'.repeat(10_000) });
  for (let round = 0; round < 30; round += 1) {
    await hub.publish(Array.from({ length: 20 }, () => event('t', { body })));
  }
  expect(hub.store.prune().events).toBeGreaterThan(0);
});

it('keeps events beside any number of dead letters, whose reasons are as long as they are', () => {
  const { store } = open({ maxSize: 1024 * 1024 });
  const failed = Array.from({ length: 300 }, () => event('acme', { body: '{"name":"Zoë"}' }));
  store.publish(failed);
  const letter = {
    group: 'g',
    reason: 'handler-failed',
    error: 'é'.repeat(4_000),
    attempts: 8,
    failedAt: '',
  };
  for (const [index] of failed.entries()) store.keepDeadLetter({ ...letter, seq: index + 1 }, ['a']);

  expect(store.prune().events).toBe(0);
});
