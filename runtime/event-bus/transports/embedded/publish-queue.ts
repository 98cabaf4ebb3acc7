import type { Clock } from '../../clock.ts';
import { type RetryPolicy, retryDelay } from '../../delivery/retry-delay.ts';
import type { DomainEvent } from '../../domain-event.ts';
import { cloudEventOf } from '../../envelope/cloud-event.ts';
import { EventBusError } from '../../errors.ts';
import { busErrorOf, callGateway, GatewayCallError } from './gateway-calls.ts';
import type { GatewayPort } from './gateway-port.ts';

/** Events on their way to the gateway, one request at a time: in the order in which they were published. */
export interface PublishQueue {
  /**
   * Resolves once the gateway keeps them.
   *
   * @throws EventBusError `transport-refused`, `transport-unavailable`
   */
  publish(events: readonly DomainEvent[]): Promise<void>;
  /** Takes nothing more. Resolves once everything was sent, or given up. */
  close(): Promise<void>;
}

export interface PublishQueueOptions {
  readonly gateway: GatewayPort;
  readonly clock: Clock;
  /** How long an event is tried to be published, in milliseconds. */
  readonly patience: number;
}

interface Entry {
  /** A CloudEvent as JSON. */
  readonly text: string;
  /** In milliseconds since 1970. */
  readonly deadline: number;
  done(): void;
  failed(error: EventBusError): void;
}

/** Of one request. */
const MOST_EVENTS = 200;
const MOST_CHARACTERS = 512 * 1024;
const AGAIN: RetryPolicy = { attempts: Number.POSITIVE_INFINITY, initial: 50, max: 2_000 };

export function createPublishQueue({ gateway, clock, patience }: PublishQueueOptions): PublishQueue {
  const waiting: Entry[] = [];
  let sending: Promise<void> | undefined;
  let closed = false;

  return {
    async publish(events) {
      if (closed) throw new EventBusError('not-running', 'the connection to the gateway has ended');
      const deadline = clock.now() + patience;
      const published = events.map((event) => enqueue(JSON.stringify(cloudEventOf(event)), deadline));
      sending ??= send();
      await Promise.all(published);
    },
    async close() {
      closed = true;
      await sending;
    },
  };

  function enqueue(text: string, deadline: number): Promise<void> {
    return new Promise((done, failed) => {
      waiting.push({ text, deadline, done, failed });
    });
  }

  async function send(): Promise<void> {
    // What is published in the same turn goes together.
    await Promise.resolve();
    while (waiting.length > 0) await deliver(nextBatch());
    sending = undefined;
  }

  function nextBatch(): readonly Entry[] {
    let characters = 0;
    const end = waiting.findIndex(({ text }, index) => {
      characters += text.length;
      return index > 0 && (characters > MOST_CHARACTERS || index >= MOST_EVENTS);
    });
    return waiting.splice(0, end === -1 ? waiting.length : end);
  }

  /** The same ids each time: what the gateway has already is not kept twice. */
  async function deliver(batch: readonly Entry[]): Promise<void> {
    let left = batch;
    for (let attempt = 1; left.length > 0; attempt += 1) {
      try {
        await callGateway(gateway, '/events', `[${left.map(({ text }) => text).join(',')}]`);
        for (const { done } of left) done();
        return;
      } catch (error) {
        if (error instanceof GatewayCallError && !error.mayPass) return refused(left, error);
        left = withoutLate(left, error);
        if (left.length > 0) await wait(retryDelay(AGAIN, attempt, clock.random()));
      }
    }
  }

  /** One of them is, and the gateway takes all or none: each for itself, still in order. */
  async function refused(batch: readonly Entry[], error: GatewayCallError): Promise<void> {
    const [only] = batch;
    if (only !== undefined && batch.length === 1) return only.failed(busErrorOf(error));
    for (const entry of batch) await deliver([entry]);
  }

  function withoutLate(batch: readonly Entry[], error: unknown): readonly Entry[] {
    const now = clock.now();
    for (const { deadline, failed } of batch) if (deadline <= now) failed(busErrorOf(error));
    return batch.filter(({ deadline }) => deadline > now);
  }

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      clock.after(ms, resolve);
    });
  }
}
