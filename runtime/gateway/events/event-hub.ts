import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { type Cancel, type Clock, systemClock } from '../instances/clock.ts';
import { describeError } from '../server/create-log.ts';
import { createDelivery, type DeliveredMessage, type Delivery } from './deliver-events.ts';
import { type EventStore, LEASE, type Settlement, type StoredEvent, type Use } from './store/event-store.ts';

/** The embedded transport in this process: publishers write, streams are kept supplied. */
export interface EventHub {
  readonly store: EventStore;
  /**
   * Resolves once they are on the disk. What is published at the same time is written in one go.
   *
   * @returns for each whether it is new
   */
  publish(events: readonly StoredEvent[]): Promise<readonly boolean[]>;
  open(options: StreamOptions): Stream;
  /** Notes what a stream did, and that its reader is alive, whichever process has the stream. */
  settle(group: string, holder: string, seqs: readonly number[]): Settlement;
  /** Looks for something to deliver, now. */
  wake(): void;
  /** Ends streams, for a reason of the gateway's. */
  endStreams(which: (stream: Pick<StreamOptions, 'group' | 'names' | 'wanted'>) => boolean): void;
  /** Whether nothing can be read or written any more. */
  readonly closed: boolean;
  close(): Promise<void>;
}

export interface StreamOptions {
  readonly group: string;
  /** What its reader handles. */
  readonly names: readonly string[];
  /** What the group wants, where that is more. */
  readonly wanted?: readonly string[];
  readonly window: number;
  /** Its reader is this process: it lives as long as the stream does. */
  readonly local?: true;
  /** The stream with whose end the same reader came to want this one. */
  readonly after?: string;
  readonly deliver: (message: DeliveredMessage) => void;
  /** The gateway has ended the stream. */
  readonly onEnd?: () => void;
}

export interface Stream {
  readonly id: string;
  pause(): void;
  resume(): void;
  /** What was delivered and not settled goes to another stream. */
  close(): void;
}

export interface EventHubOptions {
  readonly store: EventStore;
  readonly log: Pick<FastifyBaseLogger, 'error' | 'warn' | 'info'>;
  readonly clock?: Clock;
}

/** A reader that says nothing for so long is gone, in milliseconds. */
const SILENCE = 30_000;
/** How soon what another process has written is seen, in milliseconds. */
const LOOK_INTERVAL = 50;
const PRUNE_INTERVAL = 60_000;
/** Between two steps of forgetting, for everybody else. */
const PRUNE_PAUSE = 20;

export function createEventHub({ store, log, clock = systemClock }: EventHubOptions): EventHub {
  let streams = new Map<string, { readonly delivery: Delivery; readonly options: StreamOptions }>();
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let pumping = false;
  let version = store.version();
  let closed = false;
  const timers = [
    every(() => LOOK_INTERVAL, look),
    every(() => LEASE / 4, renew),
    every((more) => (more ? PRUNE_PAUSE : PRUNE_INTERVAL), prune),
  ];

  return {
    store,
    publish(events) {
      return new Promise((done, failed) => {
        waiting.push({ events, done, failed });
        writing ??= write();
      });
    },
    open(options) {
      const holder = randomUUID();
      const { group, after } = options;
      if (after !== undefined) store.forgive(group, after);
      store.openStream(group, holder);
      const delivery = createDelivery({ store, holder, ...options });
      streams.set(holder, { delivery, options });
      pumpSoon();
      return {
        id: holder,
        pause: delivery.pause,
        resume: delivery.resume,
        close() {
          if (!streams.delete(holder)) return;
          delivery.stop('used');
          pumpSoon();
        },
      };
    },
    settle(group, holder, seqs) {
      const settlement = store.settle(group, holder, seqs);
      if (seqs.length > 0) pumpSoon();
      return settlement;
    },
    wake: pumpSoon,
    endStreams(which) {
      for (const [holder, { options }] of streams) if (which(options)) end(holder, 'unused');
    },
    get closed() {
      return closed;
    },
    async close() {
      for (const cancel of timers) cancel();
      this.endStreams(() => true);
      await writing;
      closed = true;
      await store.close();
    },
  };

  /** One transaction, and one wait for the disk, for everybody who came meanwhile. */
  async function write(): Promise<void> {
    await turn();
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const kept = store.publish(batch.flatMap(({ events }) => events));
        await store.flush();
        let from = 0;
        for (const { events, done } of batch) {
          done(kept.slice(from, from + events.length));
          from += events.length;
        }
        pumpSoon();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    writing = undefined;
  }

  function look(): void {
    const now = store.version();
    if (now === version) return;
    version = now;
    pumpSoon();
  }

  function renew(): void {
    for (const [holder, { options }] of streams) {
      if (options.local === true || store.silence(holder) < SILENCE) store.renew(holder);
      // Its machine is gone, or it cannot reach us: the connection may take many minutes to find out.
      else end(holder, 'used');
    }
    // Lanes whose holder died are free when its lease is over.
    pumpSoon();
  }

  function end(holder: string, use: Use): void {
    const stream = streams.get(holder);
    streams.delete(holder);
    stream?.delivery.stop(use);
    stream?.options.onEnd?.();
  }

  function prune(): boolean {
    const { events, behind, more } = store.prune();
    if (behind.length > 0) {
      log.warn(
        { events, groups: behind },
        'events were forgotten that these groups had not handled: they are older or more than plexica.yaml keeps (events.retention, events.maxSize)',
      );
    } else if (events > 0) {
      log.info({ events }, 'events older or more than are kept were forgotten');
    }
    return more;
  }

  function pumpSoon(): void {
    if (pumping) return;
    pumping = true;
    setImmediate(() => {
      pumping = false;
      if (closed) return;
      // Each in its turn, and not always the same one first.
      const [first, ...others] = streams;
      if (first !== undefined) streams = new Map([...others, first]);
      let hungry = [...streams.values()];
      while (hungry.length > 0) hungry = hungry.filter(({ delivery }) => pump(delivery));
    });
  }

  function pump(delivery: Delivery): boolean {
    try {
      return delivery.pump();
    } catch (error) {
      log.error({ error: describeError(error), group: delivery.group }, 'events cannot be delivered now');
      return false;
    }
  }

  function every<Outcome>(ms: (outcome: Outcome | undefined) => number, work: () => Outcome): Cancel {
    let cancel = clock.after(ms(undefined), again);
    function again(): void {
      let outcome: Outcome | undefined;
      try {
        outcome = work();
      } catch (error) {
        log.error({ error: describeError(error) }, 'the event store does not answer');
      }
      cancel = clock.after(ms(outcome), again);
    }
    return () => cancel();
  }
}

interface Waiting {
  readonly events: readonly StoredEvent[];
  done(kept: readonly boolean[]): void;
  failed(error: unknown): void;
}
