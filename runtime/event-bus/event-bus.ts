import type { Clock } from './clock.ts';
import type { Served } from './context/served.ts';
import type { Outcome } from './delivery/consumer.ts';
import type { RetryPolicy } from './delivery/retry-delay.ts';
import type { DomainEvent } from './domain-event.ts';
import type { EventData, EventMap, EventName } from './event-map.ts';
import type { PluginEvents } from './plugin-events.ts';
import type { Lag, Transport } from './transports/transport.ts';

export interface EventBusOptions {
  /** Of this plugin: `pluginCrmEvents` of `@plexica/generated/events/plugin-crm`. */
  readonly events: PluginEvents;
  readonly transport: Transport;
  /** Who shares the work; the plugin's id unless stated. */
  readonly group?: string;
  /** 8 attempts, from 500 ms to 30 s, unless stated. */
  readonly retry?: Partial<RetryPolicy>;
  /** How many handlers may run at once; 16 unless stated. */
  readonly concurrency?: number;
  /** How many messages may be delivered and not settled, beside those that wait behind one that failed; 1000 unless stated. */
  readonly window?: number;
  /** How many handled events `seen` remembers; 10,000 unless stated. */
  readonly remembered?: number;
  /** What is wrong with a payload that came, in words; what the schemas of `events` say unless stated. */
  readonly violationOf?: (name: string, data: unknown) => string | undefined;
  /** A decorated class that no bus has been given fails the start; `ignore` where that is meant. */
  readonly unregistered?: 'reject' | 'ignore';
  /** Called for everything that becomes of a message; for logs and metrics. */
  readonly onOutcome?: (outcome: Outcome) => void;
  /** Called when events no longer come, and the process should end: the state is then `failed`. */
  readonly onFailure?: (error: Error) => void;
  readonly clock?: Clock;
}

export type EventHandlerFunction<Data> = (event: DomainEvent<Data>) => unknown;

export interface PublishOptions {
  /** Whose event it is, outside of a request or event that is being served. */
  readonly served?: Served;
  /** The same id published twice is kept once; a random one unless stated. */
  readonly id?: string;
  /** When it happened, in milliseconds since 1970; now unless stated. For who publishes later than that. */
  readonly at?: number;
}

export type BusState = 'new' | 'starting' | 'running' | 'paused' | 'failed' | 'stopped';

/** A plugin's way to events. */
export interface EventBus<Events = EventMap> {
  readonly state: BusState;
  /** Handles an event; before `start`. Several handlers of one event run one after the other. */
  on<Name extends EventName<Events>>(
    name: Name,
    handler: EventHandlerFunction<EventData<Name, Events>>,
  ): void;
  /**
   * Takes an object's decorated methods; before `start`. The same object a second time changes nothing.
   *
   * @throws EventBusError `setup-invalid` where it has none
   */
  register(target: object): void;
  /**
   * Resolves once the event is durable, with what was published: the payload as JSON keeps it.
   *
   * @throws EventBusError `tenant-missing`, `event-not-declared`, `payload-invalid`, `event-invalid`, `not-running`,
   *   `transport-refused`, `transport-unavailable`
   */
  publish<Name extends EventName<Events>>(
    name: Name,
    data: EventData<Name, Events>,
    options?: PublishOptions,
  ): Promise<DomainEvent<EventData<Name, Events>>>;
  /** Runs work on behalf of a request or somebody: what it publishes is theirs. */
  serve<Result>(served: Served, work: () => Result): Result;
  /** As `serve`, for the rest of the current asynchronous work: for a hook of a web framework. */
  enter(served: Served): void;
  /** Whether this event was handled by this process before; remembered within bounds. */
  seen(event: Pick<DomainEvent, 'source' | 'id'>): boolean;
  /**
   * Connects, and begins to handle events.
   *
   * @throws EventBusError `setup-invalid` with everything that is wrong, `transport-refused`, `transport-unavailable`
   */
  start(): Promise<void>;
  /** Takes no further messages, and begins none that wait; those under way go on. */
  pause(): void;
  resume(): void;
  /** Takes no further messages until `resume`, and resolves once everything that was delivered is settled. */
  drain(): Promise<void>;
  /** @throws EventBusError `transport-unavailable`, `transport-refused` */
  lag(): Promise<Lag>;
  /** Ends: handlers under way may finish, for so many milliseconds; what is not settled is delivered again. */
  stop(graceMs?: number): Promise<void>;
}
