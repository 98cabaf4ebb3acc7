import type { Clock } from '../clock.ts';
import type { DomainEvent } from '../domain-event.ts';
import type { DeadLetter, DeadLetterReason, Message, Transport } from '../transports/transport.ts';
import { wait } from '../wait.ts';
import { createLanes } from './lanes.ts';
import { createPlaces } from './places.ts';
import { type RetryPolicy, retryDelay } from './retry-delay.ts';

/** What happens to messages between their delivery and their settlement; the same on every transport. */
export interface Consumer {
  receive(message: Message): void;
  pause(): void;
  resume(): void;
  /** Resolves once everything that was received is settled; while paused, once nothing is under way. */
  idle(): Promise<void>;
  /**
   * Begins nothing new and gives up waiting for next attempts; what is not settled will be delivered again. Resolves when
   * no handler runs.
   */
  stop(): Promise<void>;
  /** Messages received and not settled. */
  readonly pending: number;
}

/** Handles one event; a rejection makes it be tried again. The name is for logs and errors. */
export interface NamedHandler {
  readonly label: string;
  handle(event: DomainEvent): Promise<unknown>;
}

export interface ConsumerOptions {
  readonly group: string;
  readonly transport: Pick<Transport, 'deadLetter'>;
  readonly handlersOf: (name: string) => readonly NamedHandler[];
  /** What is wrong with an event, in words; it is then a dead letter at once. */
  readonly check: (event: DomainEvent) => string | undefined;
  readonly retry: RetryPolicy;
  /** How many handlers may run at once. One that waits for its next attempt does not count. */
  readonly concurrency: number;
  /** A message that was delivered more often than this without being settled has killed its consumers. */
  readonly mostRedeliveries: number;
  readonly clock: Clock;
  readonly onOutcome: (outcome: Outcome) => void;
  /** Something threw that must not: a transport, or who listens to outcomes. The message stays unsettled. */
  readonly onFailure: (error: Error) => void;
}

/** What became of an attempt, for logs and metrics. */
export type Outcome =
  | { readonly kind: 'handled'; readonly event: DomainEvent; readonly attempt: number; readonly ms: number }
  | {
      readonly kind: 'failed';
      readonly event: DomainEvent;
      readonly attempt: number;
      readonly handler: string;
      readonly error: unknown;
      /** Until the next attempt. */
      readonly retryInMs: number;
    }
  | { readonly kind: 'dead-letter'; readonly letter: DeadLetter }
  | { readonly kind: 'dead-letter-delayed'; readonly letter: DeadLetter; readonly error: unknown };

/** Between attempts to keep a dead letter, in milliseconds. */
const KEEP_AGAIN: RetryPolicy = { attempts: Number.POSITIVE_INFINITY, initial: 500, max: 30_000 };

export function createConsumer(options: ConsumerOptions): Consumer {
  const { group, transport, handlersOf, check, retry, clock, onOutcome } = options;
  const places = createPlaces(options.concurrency);
  const lanes = createLanes(consume);
  const stopping = new AbortController();

  return {
    receive(message) {
      if (!stopping.signal.aborted) lanes.add(message.lane, message);
    },
    pause: lanes.pause,
    resume: lanes.resume,
    idle: lanes.idle,
    stop() {
      stopping.abort();
      return lanes.clear();
    },
    get pending() {
      return lanes.size;
    },
  };

  async function consume(message: Message): Promise<void> {
    try {
      if (isGone(message)) return;
      const letter = await handled(message);
      if (letter === 'unsettled') return;
      if (letter !== undefined && !(await keep(letter))) return;
      message.settle();
    } catch (error) {
      options.onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Whether it will be delivered again, here or elsewhere: nothing more is done about it. */
  function isGone(message: Message): boolean {
    return stopping.signal.aborted || !message.isOurs();
  }

  /** Undefined when all handlers succeeded. */
  async function handled(message: Message): Promise<DeadLetter | 'unsettled' | undefined> {
    const { event } = message;
    if (event === undefined) {
      return letterOf(message, 'not-an-event', message.problem ?? 'it is not a CloudEvent', 0);
    }
    if (message.redeliveries > options.mostRedeliveries) {
      const times = `it was delivered ${message.redeliveries} times before, and never settled`;
      return letterOf(message, 'redelivered-too-often', times, message.redeliveries);
    }
    const violation = check(event);
    if (violation !== undefined) return letterOf(message, 'payload-invalid', violation, 0);

    const remaining = [...handlersOf(event.name)];
    for (let attempt = 1; ; attempt += 1) {
      const startedAt = clock.now();
      const failure = await places.run(async () =>
        // It may have waited long for its place.
        isGone(message) ? 'unsettled' : await tryAll(remaining, event),
      );
      if (failure === 'unsettled') return failure;
      if (failure === undefined) {
        onOutcome({ kind: 'handled', event, attempt, ms: clock.now() - startedAt });
        return undefined;
      }
      const { handler, error } = failure;
      if (attempt >= retry.attempts) {
        return letterOf(message, 'handler-failed', `${handler.label}: ${wordsOf(error)}`, attempt);
      }
      const retryInMs = retryDelay(retry, attempt, clock.random());
      onOutcome({ kind: 'failed', event, attempt, handler: handler.label, error, retryInMs });
      message.postpone?.();
      await wait(retryInMs, clock, stopping.signal);
      if (isGone(message)) return 'unsettled';
    }
  }

  /** False when the bus stopped before the letter was kept: the message comes again. */
  async function keep(letter: DeadLetter): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await transport.deadLetter(letter);
      } catch (error) {
        onOutcome({ kind: 'dead-letter-delayed', letter, error });
        await wait(retryDelay(KEEP_AGAIN, attempt, clock.random()), clock, stopping.signal);
        if (stopping.signal.aborted) return false;
        continue;
      }
      onOutcome({ kind: 'dead-letter', letter });
      return true;
    }
  }

  function letterOf(message: Message, reason: DeadLetterReason, error: string, attempts: number): DeadLetter {
    const { event, raw, origin } = message;
    const failedAt = new Date(clock.now()).toISOString();
    return { group, event, raw, origin, reason, error, attempts, failedAt };
  }
}

/** Runs handlers one after the other, and takes those that succeeded off the list: they are not asked again. */
async function tryAll(
  remaining: NamedHandler[],
  event: DomainEvent,
): Promise<{ readonly handler: NamedHandler; readonly error: unknown } | undefined> {
  for (;;) {
    const [handler] = remaining;
    if (handler === undefined) return undefined;
    try {
      await handler.handle(event);
    } catch (error) {
      return { handler, error };
    }
    remaining.shift();
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
