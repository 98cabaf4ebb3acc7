import { randomUUID } from 'node:crypto';
import { systemClock } from './clock.ts';
import { createServedContext, servedOf } from './context/served.ts';
import { claimDeclarations } from './decorators/declarations.ts';
import { bindPublisher } from './decorators/event-publisher.ts';
import { type Consumer, createConsumer, type NamedHandler } from './delivery/consumer.ts';
import type { RetryPolicy } from './delivery/retry-delay.ts';
import { createSeenIds } from './delivery/seen-ids.ts';
import type { DomainEvent } from './domain-event.ts';
import { EventBusError } from './errors.ts';
import type { BusState, EventBus, EventBusOptions } from './event-bus.ts';
import type { EventData, EventMap, EventName } from './event-map.ts';
import { makeEvent } from './make-event.ts';
import { createPayloadChecks } from './payload-checks.ts';
import { setupProblems } from './setup-problems.ts';
import type { Subscription } from './transports/transport.ts';

const RETRY: RetryPolicy = { attempts: 8, initial: 500, max: 30_000 };
const DEFAULTS = {
  concurrency: 16,
  window: 1000,
  remembered: 10_000,
  redeliveries: 20,
  graceMs: 10_000,
} as const;

export function createEventBus<Events = EventMap>(options: EventBusOptions): EventBus<Events> {
  const { events, transport, clock = systemClock, onOutcome = () => undefined } = options;
  const group = options.group ?? events.pluginId;
  const handlers = new Map<string, NamedHandler[]>();
  const publishers: { readonly event: string; readonly label: string }[] = [];
  const context = createServedContext();
  const seen = createSeenIds(options.remembered ?? DEFAULTS.remembered);
  const registered = new WeakSet<object>();
  const published = createPayloadChecks(events.publishes);
  const subscribed = createPayloadChecks(events.subscribes);
  let state: BusState = 'new';
  let consumer: Consumer | undefined;
  let subscription: Subscription | undefined;

  const bus: EventBus<Events> = {
    get state() {
      return state;
    },
    on(name, handler) {
      // The map has handlers of many payloads; that a name's payloads fit is checked when they come.
      addHandler(name, `bus.on('${name}')`, async (event) => handler(event as DomainEvent<never>));
    },
    register(target) {
      if (registered.has(target)) return;
      const declarations = claimDeclarations(target);
      if (declarations.length === 0) throw nothingDecorated(target);
      registered.add(target);
      for (const { kind, event, label, method } of declarations) {
        if (kind === 'publisher') publishers.push({ event, label });
        else
          addHandler(event, label, async (one) => Reflect.apply(Reflect.get(target, method), target, [one]));
      }
      // A decorated publisher's payload was typed where it was declared.
      bindPublisher(target, (name, data) => bus.publish(name as EventName<Events>, data as never));
    },
    async publish(name, data, { served = context.current, id = randomUUID(), at = clock.now() } = {}) {
      if (state === 'stopped') throw new EventBusError('not-running', 'the event bus has stopped');
      const event = makeEvent({ events, checks: published, name, data, id, served, now: at });
      await transport.publish([event]);
      // JSON keeps the payload's type as far as its schema can tell.
      return event as DomainEvent<EventData<typeof name, Events>>;
    },
    serve: (served, work) => context.run(served, work),
    enter: (served) => context.enter(served),
    seen: ({ source, id }) => seen.has(source, id),
    async start() {
      if (state !== 'new')
        throw new EventBusError('setup-invalid', `the event bus is ${state}: it starts once`);
      const problems = setupProblems({
        events,
        handled: handlers,
        published: publishers,
        unregistered: options.unregistered ?? 'reject',
        schemas: [...new Set([...published.problems, ...subscribed.problems])],
      });
      if (problems.length > 0) throw new EventBusError('setup-invalid', problems.join('\n'));
      state = 'starting';
      try {
        await transport.start();
        await subscribe();
      } catch (error) {
        state = 'stopped';
        await consumer?.stop();
        await transport.stop();
        throw error;
      }
      if (state === 'starting') state = 'running';
      else await subscription?.stop(); // it was stopped meanwhile
    },
    pause() {
      if (state !== 'running') return;
      state = 'paused';
      subscription?.pause();
      consumer?.pause();
    },
    resume() {
      if (state !== 'paused') return;
      state = 'running';
      consumer?.resume();
      subscription?.resume();
    },
    async drain() {
      bus.pause();
      if (state !== 'paused') return;
      consumer?.resume();
      await consumer?.idle();
    },
    lag: async () => (await subscription?.lag()) ?? { messages: 0, oldestMs: 0 },
    async stop(graceMs = DEFAULTS.graceMs) {
      if (state === 'stopped') return;
      state = 'stopped';
      subscription?.pause();
      await within(graceMs, consumer?.stop());
      await subscription?.stop();
      await transport.stop();
    },
  };
  return bus;

  function addHandler(name: string, label: string, handle: (event: DomainEvent) => Promise<unknown>): void {
    if (state !== 'new') {
      throw new EventBusError('setup-invalid', `${label}: handlers are added before the bus is started`);
    }
    const own = handlers.get(name) ?? [];
    handlers.set(name, [
      ...own,
      { label, handle: (event) => context.run(servedOf(event), () => handle(event)) },
    ]);
  }

  async function subscribe(): Promise<void> {
    const names = [...handlers.keys()];
    if (names.length === 0) return;
    consumer = createConsumer({
      group,
      transport,
      handlersOf: (name) => handlers.get(name) ?? [],
      check: problemOf,
      retry: { ...RETRY, ...options.retry },
      concurrency: options.concurrency ?? DEFAULTS.concurrency,
      mostRedeliveries: DEFAULTS.redeliveries,
      clock,
      onOutcome(outcome) {
        if (outcome.kind === 'handled') seen.add(outcome.event.source, outcome.event.id);
        onOutcome(outcome);
      },
      onFailure: fail,
    });
    subscription = await transport.subscribe({
      group,
      names,
      sources: [...new Set(names.flatMap((name) => events.subscribes[name]?.publishers ?? []))],
      window: options.window ?? DEFAULTS.window,
      receive: consumer.receive,
      onFailure: fail,
    });
  }

  /** A schema says what a payload is, and the manifests who may say so: what others publish under the name is refused. */
  function problemOf({ name, source, data }: DomainEvent): string | undefined {
    const { publishers = [source] } = events.subscribes[name] ?? {};
    if (!publishers.includes(source)) return `${source} does not publish ${name}`;
    return (options.violationOf ?? subscribed.violationOf)(name, data);
  }

  function fail(error: Error): void {
    if (state === 'stopped' || state === 'failed') return;
    state = 'failed';
    subscription?.pause();
    consumer?.pause();
    options.onFailure?.(error);
  }

  async function within(ms: number, work: Promise<void> | undefined): Promise<void> {
    if (work === undefined) return;
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(ms, resolve);
    });
    await Promise.race([work, late]);
    cancel();
  }
}

function nothingDecorated(target: object): EventBusError {
  return new EventBusError(
    'setup-invalid',
    `bus.register was given an object of ${target.constructor.name}, none of whose methods is decorated with ` +
      '@EventHandler or @EventPublisher; if they are, @plexica/event-bus is installed twice',
  );
}
