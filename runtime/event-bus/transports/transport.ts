import type { DomainEvent } from '../domain-event.ts';

/** How events travel. Everything else (lanes, retries, checks, dead letters) is the same on every transport. */
export interface Transport {
  readonly name: 'embedded' | 'kafka';
  /** Connects, and makes what must exist. Rejects with what is wrong and what to do. */
  start(): Promise<void>;
  /**
   * Resolves once all of them are durable. An event that was accepted before (same source and id) is not kept twice where the
   * transport can tell; Kafka cannot.
   */
  publish(events: readonly DomainEvent[]): Promise<void>;
  /**
   * Delivers the events of these names to one group. The group's replicas share the work: all events of one tenant and
   * source go to one of them at a time, in the order in which they were published.
   */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Keeps a message that could not be handled, durably. */
  deadLetter(letter: DeadLetter): Promise<void>;
  /** Ends connections. What was delivered and not settled comes again, to whoever subscribes next. */
  stop(): Promise<void>;
}

export interface SubscribeOptions {
  /** The plugin's id; for legacy hooks `hooks:<plugin id>`. */
  readonly group: string;
  readonly names: readonly string[];
  /** Who publishes them: plugin ids, and `platform`. */
  readonly sources: readonly string[];
  /** How many messages may be delivered and not settled, beside those of lanes that wait. */
  readonly window: number;
  /** Called in order. Messages of other tenants may come before this one is settled, and of the same one too. */
  readonly receive: (message: Message) => void;
  /** The subscription ended for good, and not because it was stopped. */
  readonly onFailure: (error: Error) => void;
}

/** One delivery. Settled exactly once, when it was handled or is a dead letter; nothing is lost in between. */
export interface Message {
  /** Undefined where the bytes are no event: a poison message, which is kept as a dead letter. */
  readonly event: DomainEvent | undefined;
  /** Why it is none, in words. */
  readonly problem?: string;
  /** As it came, for a dead letter. */
  readonly raw: string;
  /** Messages of one lane are handled one after the other. Empty where the tenant cannot be read. */
  readonly lane: string;
  /** Where it stands, in words of the transport: `plexica.plugin-crm[3]@17`. */
  readonly origin: string;
  /** How often it was delivered before, where the transport knows; a consumer that dies of it is not tried for ever. */
  readonly redeliveries: number;
  /** Whether it is still this replica's to handle; what another one has been given is left to it. */
  isOurs(): boolean;
  /** It failed, and waits for its next attempt; what is behind it in its lane must keep nobody else waiting. */
  postpone?(): void;
  settle(): void;
}

export interface Subscription {
  /** Takes no further messages until `resume`; those delivered may be settled. */
  pause(): void;
  resume(): void;
  /** Messages published and not settled by this group, and how long the oldest has waited, in milliseconds. */
  lag(): Promise<Lag>;
  /** Takes no further messages, and resolves once those settled so far are known to the transport. */
  stop(): Promise<void>;
}

export interface Lag {
  readonly messages: number;
  readonly oldestMs: number;
}

/** A message that was given up, and why. */
export interface DeadLetter {
  readonly group: string;
  readonly event: DomainEvent | undefined;
  readonly raw: string;
  readonly origin: string;
  /** `handler-failed`, `payload-invalid`, `not-an-event`, `redelivered-too-often` */
  readonly reason: DeadLetterReason;
  /** The last error, in words. */
  readonly error: string;
  readonly attempts: number;
  /** RFC 3339. */
  readonly failedAt: string;
}

export type DeadLetterReason =
  | 'handler-failed'
  | 'payload-invalid'
  | 'not-an-event'
  | 'redelivered-too-often';

/** What people do with events from outside: `plexica events tail | dead-letters | replay`. */
export interface EventArchive {
  /** Events as they come, from now on. Ends with the signal. */
  tail(names: readonly string[], signal: AbortSignal): AsyncIterable<DomainEvent>;
  deadLetters(group: string | undefined): AsyncIterable<StoredDeadLetter>;
  /** Gives dead letters to their groups once more, in this order, and takes them off the list. Tells of each as it is done. */
  replay(ids: readonly string[]): AsyncIterable<Replayed>;
}

export interface Replayed {
  readonly id: string;
  /** False where there is no such letter. */
  readonly found: boolean;
}

export interface StoredDeadLetter extends DeadLetter {
  readonly id: string;
}
