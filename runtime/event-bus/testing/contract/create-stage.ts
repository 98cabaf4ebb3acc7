import { createEventBus } from '../../create-event-bus.ts';
import type { Outcome } from '../../delivery/consumer.ts';
import type { DomainEvent } from '../../domain-event.ts';
import type { EventBus, EventBusOptions } from '../../event-bus.ts';
import type { AnyEvents } from '../../event-map.ts';
import type { PluginEvents } from '../../plugin-events.ts';
import type { EventArchive, StoredDeadLetter, Transport } from '../../transports/transport.ts';
import { mailEvents, PLACED, shopEvents } from '../contract-world.ts';

/** Declares one case of the contract. */
export type Check = (words: string, test: (stage: Stage) => Promise<void>) => void;

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

/** The buses of one case, on a broker of its own. */
export interface Stage {
  readonly harness: TransportHarness;
  makeBus(events: PluginEvents, options?: Partial<EventBusOptions>): EventBus<AnyEvents>;
  /** Publishes, and hears of nothing. */
  startShop(): Promise<EventBus<AnyEvents>>;
  /** A replica that handles everything that `plugin-mail` subscribes to. */
  startMail(options?: MailOptions): Promise<Mail>;
  deadLetters(): Promise<StoredDeadLetter[]>;
  close(): Promise<void>;
}

export interface MailOptions extends Partial<EventBusOptions> {
  readonly handle?: (event: DomainEvent) => unknown;
}

export interface Mail {
  readonly bus: EventBus<AnyEvents>;
  /** What was handled, in order. */
  readonly handled: DomainEvent[];
  readonly outcomes: Outcome[];
}

export const TENANTS = ['acme', 'globex', 'initech', 'umbrella'];
export const PATIENTLY = { timeout: 30_000, interval: 25 };

export function createStage(harness: TransportHarness): Stage {
  const buses: EventBus<AnyEvents>[] = [];
  return {
    harness,
    makeBus,
    startShop,
    startMail,
    deadLetters,
    async close() {
      await Promise.all(buses.map((bus) => bus.stop(0)));
      await harness.stop();
    },
  };

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

  async function startMail(options: MailOptions = {}): Promise<Mail> {
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
}

export function place(bus: EventBus<AnyEvents>, tenantId: string, n: number): Promise<DomainEvent> {
  return bus.publish(PLACED, { n }, { served: { tenantId } });
}

export function numberOf(data: unknown): number {
  return (data as { n: number }).n; // the schema has seen to it
}

export function numbers(events: readonly DomainEvent[]): number[] {
  return events.map(({ data }) => numberOf(data));
}

export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index + 1);
}
