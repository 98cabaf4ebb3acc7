import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventBus } from '../create-event-bus.ts';
import type { Outcome } from '../delivery/consumer.ts';
import type { DomainEvent } from '../domain-event.ts';
import type { EventBus, EventBusOptions } from '../event-bus.ts';
import type { AnyEvents } from '../event-map.ts';
import type { PluginEvents } from '../plugin-events.ts';
import type { EventArchive, StoredDeadLetter, Transport } from '../transports/transport.ts';
import { mailEvents, ORDER_SCHEMA, PAID, PLACED, SENT, shopEvents } from './contract-world.ts';

/** What a transport stands on, for one test: a broker with nothing in it. */
export interface TransportHarness {
  /** A replica of `plugin-shop` or `plugin-mail`, not started. */
  connect(pluginId: string): Transport;
  readonly archive: EventArchive;
  /** Puts a text where the events of a plugin are, which is none of them. */
  inject(pluginId: string, tenantId: string, text: string): Promise<void>;
  /** What the gateway signs for a request that a plugin serves, where the transport looks at it. */
  contextFor?(pluginId: string, tenantId: string, userId: string): Promise<string>;
  /** Makes a replica's subscription end for good, as a broker that refuses it would. */
  refuse(transport: Transport): Promise<void>;
  stop(): Promise<void>;
}

export interface TransportContract {
  readonly name: string;
  readonly start: () => Promise<TransportHarness>;
  /** Cases that this transport is not held to, by their words, with the reason. */
  readonly skipped?: Readonly<Record<string, string>>;
}

/** What every transport does, whatever carries the messages. */
export function describeTransport({ name, start, skipped = {} }: TransportContract): void {
  describe(`the contract of transports: ${name}`, { timeout: 60_000 }, () => {
    let harness: TransportHarness;
    let buses: EventBus<AnyEvents>[];

    beforeEach(async () => {
      buses = [];
      harness = await start();
    });

    afterEach(async () => {
      await Promise.all(buses.map((bus) => bus.stop(0)));
      await harness.stop();
    });

    check('delivers an event with everything it was published with', async () => {
      const { bus: mail, handled } = await startMail();
      const shop = await startShop();
      const served = { tenantId: 'acme', workspaceId: 'w-1', userId: 'jörg', traceparent: TRACEPARENT };
      const published = await shop.publish(PLACED, { n: 1, note: '✓ "quoted"\n\u2028' }, { served });

      await vi.waitFor(() => expect(handled).toHaveLength(1), PATIENTLY);
      expect(handled[0]).toEqual(published);
      expect(published).toMatchObject({ ...served, name: PLACED, source: 'plugin-shop' });
      expect(mail.seen(published)).toBe(true);
    });

    check('delivers what was published before a subscriber came', async () => {
      const shop = await startShop();
      for (const n of [1, 2, 3]) await place(shop, 'acme', n);
      const { handled } = await startMail();

      await vi.waitFor(() => expect(numbers(handled)).toEqual([1, 2, 3]), PATIENTLY);
    });

    check('keeps the order of a tenant and source, with failures in between', async () => {
      const failed = new Set<string>();
      const { handled } = await startMail({
        handle({ tenantId, data }) {
          const key = `${tenantId} ${numberOf(data)}`;
          if (numberOf(data) % 3 !== 0 || failed.has(key)) return;
          failed.add(key);
          throw new Error('not yet');
        },
      });
      const shop = await startShop();
      for (let n = 1; n <= 10; n += 1) {
        await Promise.all(TENANTS.map((tenantId) => place(shop, tenantId, n)));
      }

      await vi.waitFor(() => expect(handled).toHaveLength(40), PATIENTLY);
      for (const tenantId of TENANTS) {
        expect(numbers(handled.filter((event) => event.tenantId === tenantId))).toEqual(upTo(10));
      }
      expect(failed.size).toBe(12);
    });

    check('publishes in the order in which it was asked to', async () => {
      const { handled } = await startMail();
      const shop = await startShop();
      await Promise.all(upTo(100).map((n) => place(shop, 'acme', n)));

      await vi.waitFor(() => expect(numbers(handled)).toEqual(upTo(100)), PATIENTLY);
    });

    check('does not hold up other tenants while one waits for its next attempt', async () => {
      const { handled, outcomes } = await startMail({
        retry: { attempts: 3, initial: 120_000, max: 120_000 },
        handle({ tenantId }) {
          if (tenantId === 'globex') throw new Error('never');
        },
      });
      const shop = await startShop();
      await place(shop, 'globex', 1);
      await vi.waitFor(() => expect(outcomes.map(({ kind }) => kind)).toContain('failed'), PATIENTLY);
      for (const tenantId of TENANTS) await place(shop, tenantId, 2);

      await vi.waitFor(() => expect(handled).toHaveLength(3), PATIENTLY);
      expect(handled.map(({ tenantId }) => tenantId)).not.toContain('globex');
    });

    check('shares the work between replicas, each tenant at one of them', async () => {
      const one = await startMail();
      const two = await startMail();
      const shop = await startShop();
      const tenants = Array.from({ length: 24 }, (_, index) => `tenant-${index}`);
      for (const n of upTo(5)) await Promise.all(tenants.map((tenantId) => place(shop, tenantId, n)));

      const all = () => [...one.handled, ...two.handled];
      await vi.waitFor(() => expect(new Set(all().map(({ id }) => id)).size).toBe(120), PATIENTLY);
      expect(one.handled.length).toBeGreaterThan(0);
      expect(two.handled.length).toBeGreaterThan(0);
      for (const { handled } of [one, two]) {
        for (const tenantId of tenants) {
          const own = numbers(handled.filter((event) => event.tenantId === tenantId));
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
      }
    });

    check('gives what a replica left unsettled to another', async () => {
      const begun = Promise.withResolvers<void>();
      const one = await startMail({
        handle() {
          begun.resolve();
          return new Promise(() => {});
        },
      });
      const shop = await startShop();
      for (const n of upTo(3)) await place(shop, 'acme', n);
      await begun.promise;
      await one.bus.stop(0);
      const two = await startMail();

      await vi.waitFor(() => expect(numbers(two.handled)).toEqual(upTo(3)), PATIENTLY);
    });

    check('lets handlers finish when it stops, and delivers nothing twice', async () => {
      const begun = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      const one = await startMail({
        async handle() {
          begun.resolve();
          await release.promise;
        },
      });
      const shop = await startShop();
      for (const n of upTo(3)) await place(shop, 'acme', n);
      await begun.promise;
      const stopped = one.bus.stop(20_000);
      release.resolve();
      await stopped;
      const two = await startMail();

      await vi.waitFor(() => expect(numbers(two.handled)).toEqual([2, 3]), PATIENTLY);
      expect(numbers(one.handled)).toEqual([1]);
      expect(one.bus.state).toBe('stopped');
    });

    check('keeps what is given up as a dead letter, and goes on', async () => {
      const { bus, handled } = await startMail({
        handle({ data }) {
          if (numberOf(data) === 1) throw new TypeError('no such address');
        },
      });
      const shop = await startShop();
      const published = await place(shop, 'acme', 1);
      await place(shop, 'acme', 2);

      await vi.waitFor(() => expect(numbers(handled)).toEqual([2]), PATIENTLY);
      await bus.stop();
      const [letter, ...others] = await deadLetters();
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ group: 'plugin-mail', reason: 'handler-failed', attempts: 3 });
      expect(letter?.event).toEqual(published);
      expect(letter?.error).toContain('TypeError: no such address');
      expect(letter?.origin).not.toBe('');
      expect(Date.parse(letter?.failedAt ?? '')).toBeGreaterThan(0);

      const after = await startMail();
      await place(shop, 'acme', 3);
      await vi.waitFor(() => expect(numbers(after.handled)).toEqual([3]), PATIENTLY);
    });

    check('gives a dead letter to its group once more when it is asked to', async () => {
      let mended = false;
      const { handled } = await startMail({
        handle() {
          if (!mended) throw new Error('not yet');
        },
      });
      const shop = await startShop();
      const published = await place(shop, 'acme', 1);
      const [letter] = await vi.waitUntil(async () => {
        const letters = await deadLetters();
        return letters.length > 0 && letters;
      }, PATIENTLY);
      mended = true;

      expect(await harness.archive.replay(letter?.id ?? '')).toBe(true);
      await vi.waitFor(() => expect(handled).toHaveLength(1), PATIENTLY);
      expect(handled[0]).toEqual(published);
      expect(await deadLetters()).toEqual([]);
      expect(await harness.archive.replay(letter?.id ?? '')).toBe(false);
    });

    check('keeps what is no event, and goes on', async () => {
      const shop = await startShop();
      await place(shop, 'acme', 1);
      await harness.inject('plugin-shop', 'acme', '{"half":');
      await place(shop, 'acme', 2);
      const { handled } = await startMail();

      await vi.waitFor(() => expect(numbers(handled)).toEqual([1, 2]), PATIENTLY);
      const letters = await vi.waitUntil(async () => {
        const found = await deadLetters();
        return found.length > 0 && found;
      }, PATIENTLY);
      expect(letters).toHaveLength(1);
      expect(letters[0]).toMatchObject({ reason: 'not-an-event', attempts: 0, group: 'plugin-mail' });
      expect(letters[0]?.event).toBeUndefined();
      expect(letters[0]?.raw).toContain('half');
    });

    check('keeps an event whose payload its subscriber does not know', async () => {
      const strict = { ...ORDER_SCHEMA, required: ['n', 'note'] };
      const subscribes = { [PLACED]: { publishers: ['plugin-shop'], schema: strict } };
      const { handled } = await startMail({ events: { ...mailEvents, subscribes } });
      const shop = await startShop();
      await place(shop, 'acme', 1);
      await shop.publish(PLACED, { n: 2, note: 'x' }, { served: { tenantId: 'acme' } });

      await vi.waitFor(() => expect(numbers(handled)).toEqual([2]), PATIENTLY);
      const [letter] = await deadLetters();
      expect(letter).toMatchObject({ reason: 'payload-invalid', attempts: 0 });
      expect(letter?.error).toContain("must have required property 'note'");
    });

    check('takes nothing while it is paused', async () => {
      const { bus, handled } = await startMail();
      const shop = await startShop();
      await place(shop, 'acme', 1);
      await vi.waitFor(() => expect(numbers(handled)).toEqual([1]), PATIENTLY);
      bus.pause();
      await place(shop, 'acme', 2);
      // Nothing can be waited for that must not happen: the lag shows that it is there, and was not taken.
      await vi.waitFor(async () => expect((await bus.lag()).messages).toBe(1), PATIENTLY);
      expect(numbers(handled)).toEqual([1]);
      bus.resume();

      await vi.waitFor(() => expect(numbers(handled)).toEqual([1, 2]), PATIENTLY);
    });

    check('drains: settles what was delivered, and takes no more', async () => {
      const { bus, handled } = await startMail();
      const shop = await startShop();
      await Promise.all(upTo(50).map((n) => place(shop, TENANTS[n % 4] ?? '', n)));
      await vi.waitFor(() => expect(handled.length).toBeGreaterThan(0), PATIENTLY);
      await bus.drain();
      const drained = handled.length;
      expect(bus.state).toBe('paused');
      await vi.waitFor(async () => expect((await bus.lag()).messages).toBe(50 - drained), PATIENTLY);
      expect(handled).toHaveLength(drained);
      bus.resume();

      await vi.waitFor(() => expect(handled).toHaveLength(50), PATIENTLY);
    });

    check('keeps an event that is published twice once', async () => {
      const { handled } = await startMail();
      const shop = await startShop();
      const options = { served: { tenantId: 'acme' }, id: 'order-1' };
      await shop.publish(PLACED, { n: 1 }, options);
      await shop.publish(PLACED, { n: 1 }, options);
      await place(shop, 'acme', 2);

      await vi.waitFor(() => expect(numbers(handled)).toContain(2), PATIENTLY);
      expect(numbers(handled)).toEqual([1, 2]);
    });

    check('tells how far behind a group is', async () => {
      const { bus, handled } = await startMail();
      const shop = await startShop();
      await place(shop, 'acme', 1);
      await vi.waitFor(() => expect(handled).toHaveLength(1), PATIENTLY);
      await vi.waitFor(async () => expect(await bus.lag()).toEqual({ messages: 0, oldestMs: 0 }), PATIENTLY);
      bus.pause();
      for (const n of upTo(3)) await place(shop, 'globex', n);

      await vi.waitFor(async () => expect((await bus.lag()).messages).toBe(3), PATIENTLY);
    });

    check('leads from an event to what its handler publishes', async () => {
      const mail = makeBus(mailEvents);
      mail.on(PAID, async () => {
        await Promise.resolve();
        await mail.publish(SENT, { to: 'you' });
      });
      mail.on(PLACED, () => undefined);
      const received: DomainEvent[] = [];
      const shop = makeBus(shopEvents);
      shop.on(SENT, (event) => received.push(event));
      await Promise.all([mail.start(), shop.start()]);
      const tenantContext = (await harness.contextFor?.('plugin-shop', 'acme', 'u-1')) ?? 'signed';
      const served = { tenantId: 'acme', userId: 'u-1', correlationId: 'req-1', tenantContext };
      const published = await shop.publish(PAID, {}, { served });

      await vi.waitFor(() => expect(received).toHaveLength(1), PATIENTLY);
      expect(received[0]).toMatchObject({ ...served, causationId: published.id, source: 'plugin-mail' });
    });

    check('says so when its events no longer come', async () => {
      const transport = harness.connect('plugin-mail');
      const failure = Promise.withResolvers<Error>();
      const { bus } = await startMail({ transport, onFailure: failure.resolve });
      await harness.refuse(transport);

      expect((await failure.promise).message).not.toBe('');
      expect(bus.state).toBe('failed');
    });

    check('shows events as they come', async () => {
      const shop = await startShop();
      await place(shop, 'acme', 1);
      const stop = new AbortController();
      const seen: DomainEvent[] = [];
      const tail = harness.archive.tail([PLACED], stop.signal)[Symbol.asyncIterator]();
      const first = tail.next();
      // It begins with what comes next, and when exactly that is nobody can tell from outside.
      const publishing = setInterval(() => void place(shop, 'acme', 2).catch(() => undefined), 200);
      const { value } = await first;
      clearInterval(publishing);
      seen.push(value);
      stop.abort();
      await tail.return?.();

      expect(numbers(seen)).toEqual([2]);
    });

    function check(words: string, test: () => Promise<void>): void {
      const reason = skipped[words];
      // A case that does not apply is told, and not counted among those that ran.
      if (reason === undefined) it(words, test);
      else console.log(`${name}: "${words}" does not apply: ${reason}`);
    }

    function makeBus(events: PluginEvents, options: Partial<EventBusOptions> = {}): EventBus<AnyEvents> {
      const bus = createEventBus<AnyEvents>({
        events,
        transport: harness.connect(events.pluginId),
        retry: { attempts: 3, initial: 20, max: 100 },
        unregistered: 'ignore',
        ...options,
      });
      buses.push(bus);
      return bus;
    }

    async function startShop(): Promise<EventBus<AnyEvents>> {
      const bus = makeBus({ ...shopEvents, subscribes: {} });
      await bus.start();
      return bus;
    }

    async function startMail(
      options: Partial<EventBusOptions> & { handle?: (event: DomainEvent) => unknown } = {},
    ): Promise<{ bus: EventBus<AnyEvents>; handled: DomainEvent[]; outcomes: Outcome[] }> {
      const { handle = () => undefined, ...rest } = options;
      const handled: DomainEvent[] = [];
      const outcomes: Outcome[] = [];
      const bus = makeBus(options.events ?? mailEvents, {
        onOutcome: (outcome) => outcomes.push(outcome),
        ...rest,
      });
      for (const name of Object.keys((options.events ?? mailEvents).subscribes)) {
        bus.on(name, async (event) => {
          await handle(event);
          handled.push(event);
        });
      }
      await bus.start();
      return { bus, handled, outcomes };
    }

    async function deadLetters(): Promise<StoredDeadLetter[]> {
      const letters: StoredDeadLetter[] = [];
      for await (const letter of harness.archive.deadLetters('plugin-mail')) letters.push(letter);
      return letters;
    }
  });
}

const TENANTS = ['acme', 'globex', 'initech', 'umbrella'];
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const PATIENTLY = { timeout: 30_000, interval: 25 };

function place(bus: EventBus<AnyEvents>, tenantId: string, n: number): Promise<DomainEvent> {
  return bus.publish(PLACED, { n }, { served: { tenantId } });
}

function numberOf(data: unknown): number {
  return (data as { n: number }).n; // the schema has seen to it
}

function numbers(events: readonly DomainEvent[]): number[] {
  return events.map(({ data }) => numberOf(data));
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index + 1);
}
