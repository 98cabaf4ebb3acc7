import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEventBus } from './create-event-bus.ts';
import type { DomainEvent } from './domain-event.ts';
import type { EventBus, EventBusOptions } from './event-bus.ts';
import type { AnyEvents } from './event-map.ts';
import { mailEvents, PAID, PLACED, SENT, shopEvents } from './testing/contract-world.ts';
import { createMemoryBroker, type MemoryBroker } from './testing/memory-broker.ts';

const served = { tenantId: 'acme' };

describe('createEventBus', () => {
  let broker: MemoryBroker;

  beforeEach(() => {
    broker = createMemoryBroker();
  });

  describe('publish', () => {
    it('needs a tenant', async () => {
      const bus = make({ ...shopEvents, subscribes: {} });
      await expect(bus.publish(PLACED, { n: 1 })).rejects.toMatchObject({
        code: 'tenant-missing',
        message: expect.stringContaining(`${PLACED} is published outside of a request or event`),
      });
    });

    it('takes the tenant of what is being served, through promises and timers', async () => {
      const bus = make({ ...shopEvents, subscribes: {} });
      const [one, other] = await Promise.all(
        ['acme', 'globex'].map((tenantId) =>
          bus.serve({ tenantId, correlationId: `r-${tenantId}` }, async () => {
            await new Promise((resolve) => setTimeout(resolve, 5));
            return await bus.publish(PAID, {});
          }),
        ),
      );
      expect(one).toMatchObject({ tenantId: 'acme', correlationId: 'r-acme' });
      expect(other).toMatchObject({ tenantId: 'globex', correlationId: 'r-globex' });
      await expect(bus.publish(PAID, {})).rejects.toMatchObject({ code: 'tenant-missing' });
    });

    it('refuses what the manifest does not list', async () => {
      await expect(make(shopEvents).publish(SENT, {}, { served })).rejects.toMatchObject({
        code: 'event-not-declared',
        message:
          `plugin-shop publishes ${SENT}, which its plugin.json does not list: add it to "events.publishes", ` +
          'then run `plexica build`',
      });
      await expect(make(shopEvents).publish('constructor', {}, { served })).rejects.toMatchObject({
        code: 'event-not-declared',
      });
    });

    it('refuses a payload that is not as declared, or no JSON', async () => {
      const bus = make(shopEvents);
      const looped: Record<string, unknown> = {};
      looped.self = looped;
      await expect(bus.publish(PLACED, { n: 'x' }, { served })).rejects.toMatchObject({
        code: 'payload-invalid',
        message: `the payload of ${PLACED} is not as declared: data.n must be integer`,
      });
      await expect(bus.publish(PAID, looped, { served })).rejects.toMatchObject({ code: 'payload-invalid' });
      await expect(bus.publish(PAID, 1n, { served })).rejects.toMatchObject({ code: 'payload-invalid' });
    });

    it('checks and returns what travels: dates as text, nothing as null', async () => {
      const bus = make(shopEvents);
      const { data } = await bus.publish(PAID, { at: new Date(0), gone: undefined }, { served });
      expect(data).toEqual({ at: '1970-01-01T00:00:00.000Z' });
      expect((await bus.publish(PAID, undefined, { served })).data).toBeNull();
    });

    it('refuses what no consumer would take for an event, and drops what only says too much', async () => {
      const bus = make(shopEvents);
      await expect(bus.publish(PAID, {}, { served: { tenantId: '' } })).rejects.toMatchObject({
        code: 'event-invalid',
        message: `${PAID} cannot be published: as a CloudEvent its "tenantid" is not text of 1 to 256 characters`,
      });
      await expect(bus.publish(PAID, {}, { served, id: 'x'.repeat(201) })).rejects.toMatchObject({
        code: 'event-invalid',
      });
      const event = await bus.publish(
        PAID,
        {},
        {
          served: { ...served, userId: '', tracestate: 'x'.repeat(2_000) },
        },
      );
      expect(event).not.toHaveProperty('userId');
      expect(event).not.toHaveProperty('tracestate');
    });

    it('ends with the bus', async () => {
      const bus = make({ ...shopEvents, subscribes: {} });
      await bus.start();
      await bus.stop();
      await expect(bus.publish(PAID, {}, { served })).rejects.toMatchObject({ code: 'not-running' });
    });
  });

  describe('start', () => {
    it('wants a handler for every subscription, and for no other event', async () => {
      const bus = make(mailEvents);
      bus.on(PLACED, () => undefined);
      bus.on('shop.order.shipped', () => undefined);
      await expect(bus.start()).rejects.toMatchObject({
        code: 'setup-invalid',
        message: [
          `bus.on('shop.order.shipped') handles shop.order.shipped, which plugin-mail does not subscribe to: add it to "events.subscribes" of its plugin.json`,
          `plugin-mail subscribes to ${PAID}, and nothing handles it: add a handler, or take it off "events.subscribes"`,
        ].join('\n'),
      });
      expect(bus.state).toBe('new');
    });

    it('wants schemas that can be used', async () => {
      const bus = make({
        ...shopEvents,
        subscribes: {},
        publishes: { 'a.b': { schema: { type: 'objekt' } } },
      });
      await expect(bus.start()).rejects.toThrow('the schema of a.b cannot be used');
    });

    it('is once, and handlers come before', async () => {
      const bus = make({ ...shopEvents, subscribes: {} });
      await bus.start();
      await expect(bus.start()).rejects.toThrow('the event bus is running: it starts once');
      expect(() => bus.on(SENT, () => undefined)).toThrow('handlers are added before the bus is started');
    });

    it('leaves nothing behind where the transport fails', async () => {
      let stops = 0;
      const bus = make(
        { ...shopEvents, subscribes: {} },
        {
          transport: {
            ...broker.connect(),
            start: () => Promise.reject(new Error('nobody there')),
            async stop() {
              stops += 1;
            },
          },
        },
      );
      await expect(bus.start()).rejects.toThrow('nobody there');
      expect(stops).toBe(1);
      expect(bus.state).toBe('stopped');
    });

    it('refuses an object without anything decorated', () => {
      class Plain {}
      expect(() => make(shopEvents).register(new Plain())).toThrow(
        'an object of Plain, none of whose methods is decorated',
      );
    });
  });

  it('gives an event under a name only from those who may publish it', async () => {
    const handled: DomainEvent[] = [];
    const mail = make({
      ...mailEvents,
      subscribes: { [PAID]: { publishers: ['plugin-shop'] }, [PLACED]: { publishers: ['plugin-forger'] } },
    });
    mail.on(PAID, (event) => handled.push(event));
    mail.on(PLACED, () => undefined);
    await mail.start();
    const forger = make({ pluginId: 'plugin-forger', publishes: { [PAID]: {} }, subscribes: {} });
    const shop = make({ ...shopEvents, subscribes: {} });
    await forger.publish(PAID, {}, { served });
    await shop.publish(PAID, {}, { served });
    await vi.waitFor(() => expect(handled).toHaveLength(1));
    await mail.drain();
    const letters = [];
    for await (const letter of broker.archive.deadLetters(undefined)) letters.push(letter);

    expect(handled.map(({ source }) => source)).toEqual(['plugin-shop']);
    expect(letters).toMatchObject([
      { reason: 'payload-invalid', error: `plugin-forger does not publish ${PAID}` },
    ]);
  });

  it('stops without waiting for next attempts, and calls what failed in a listener a failure', async () => {
    const failed = Promise.withResolvers<Error>();
    const mail = make(
      { ...mailEvents, subscribes: { [PAID]: { publishers: ['plugin-shop'] } } },
      {
        onOutcome() {
          throw new Error('a bug in the log');
        },
        onFailure: failed.resolve,
        retry: { initial: 60_000, max: 60_000 },
      },
    );
    mail.on(PAID, () => undefined);
    await mail.start();
    await make({ ...shopEvents, subscribes: {} }).publish(PAID, {}, { served });

    expect((await failed.promise).message).toBe('a bug in the log');
    expect(mail.state).toBe('failed');
    await mail.stop();
    expect(mail.state).toBe('stopped');
  });

  it('remembers what it has handled, within bounds', async () => {
    const mail = make(
      { ...mailEvents, subscribes: { [PAID]: { publishers: ['plugin-shop'] } } },
      { remembered: 2 },
    );
    mail.on(PAID, () => undefined);
    await mail.start();
    const shop = make({ ...shopEvents, subscribes: {} });
    const events: DomainEvent[] = [];
    for (const id of ['1', '2', '3']) events.push(await shop.publish(PAID, {}, { served, id }));

    await vi.waitFor(() => expect(events.map((event) => mail.seen(event))).toEqual([false, true, true]));
  });

  function make(
    events: EventBusOptions['events'],
    options: Partial<EventBusOptions> = {},
  ): EventBus<AnyEvents> {
    const bus = createEventBus<AnyEvents>({
      events,
      transport: broker.connect(),
      unregistered: 'ignore',
      ...options,
    });
    onTestFinished(() => bus.stop(0));
    return bus;
  }
});
