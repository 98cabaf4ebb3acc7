import type { EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { Clock } from '../../clock.ts';
import type { DomainEvent } from '../../domain-event.ts';
import type { Message, SubscribeOptions, Subscription } from '../transport.ts';
import { type AssignedPartition, assignPartition, dueOf, mayBegin, skipTo } from './assigned-partition.ts';
import { createDeliveryWindow } from './delivery-window.ts';
import type { GroupMember } from './group-member.ts';
import { fetchLag, fetchStarts, firstOffset, placeKey } from './group-offsets.ts';
import { rawOf, unbindEvent } from './kafka-binding.ts';
import { kafkaError } from './kafka-errors.ts';
import { keepMember } from './keep-member.ts';

export interface KafkaSubscriptionOptions extends SubscribeOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Undefined where the source of a topic's events is as its name says; a sentence where it is not. */
  readonly sourceProblem: (topic: string, event: DomainEvent) => string | undefined;
  readonly sessionTimeout: number;
  readonly clock: Clock;
  readonly log: (level: 'warn' | 'error', text: string) => void;
}

/** Times in milliseconds. */
const COMMIT_INTERVAL = 500;
const LOOK_FOR_ROOM = 1_000;
const COMMIT_ATTEMPTS = 3;
/** So many settled messages are not left uncommitted: whoever takes over handles them again. */
const MOST_UNCOMMITTED = 200;
/** Of messages that wait behind one that failed, in bytes. */
const MOST_HELD = 64 * 1024 * 1024;
/** What a message takes beside its value, in bytes. */
const OVERHEAD = 1_024;

/**
 * Consumes topics as a member of a group. Offsets are committed up to the oldest message that is not settled, so that
 * what was not handled is delivered again, here or elsewhere.
 *
 * @throws EventBusError where the group cannot be joined
 */
export async function subscribeToKafka(options: KafkaSubscriptionOptions): Promise<Subscription> {
  const { kafka, groupId, topics, receive, clock } = options;
  const wanted = new Set(options.names);
  const places = new Map<string, AssignedPartition>();
  /** Where the partitions of this generation begin; asked once, when the first messages come. */
  let starts: Promise<ReadonlyMap<string, bigint>> | undefined;
  let generation = 0;
  let window = createDeliveryWindow(options.window, MOST_HELD);
  /** Settled since the last commit began. */
  let uncommitted = 0;
  /** Batches that wait for room in the window. */
  const waiting = new Set<() => void>();
  let paused = false;
  let stopped = false;

  const member = await keepMember({
    ...options,
    eachBatch,
    joined(joined) {
      beginAnew();
      if (paused) joined.pause();
    },
    rebalancing: (old) => void commit(old),
    gone: beginAnew,
  });
  let cancelTick = tick();

  return {
    pause() {
      paused = true;
      member.current()?.pause();
      wake();
    },
    resume() {
      paused = false;
      member.current()?.resume();
    },
    async lag() {
      const messages = await fetchLag(kafka, groupId, topics).catch((cause: unknown) => {
        throw kafkaError(`the lag of ${groupId} cannot be read`, cause);
      });
      const oldest = [...places.values()].map(({ tracker }) => tracker.oldest ?? Number.POSITIVE_INFINITY);
      const oldestMs = Math.max(0, clock.now() - Math.min(...oldest, clock.now()));
      return { messages, oldestMs };
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      cancelTick();
      wake();
      for (let attempt = 1; attempt <= COMMIT_ATTEMPTS; attempt += 1) {
        if (await commit(member.current())) break;
      }
      await member.stop();
    },
  };

  /** Every generation begins from what was committed: what is under way here belongs to the one before. */
  function beginAnew(): void {
    generation += 1;
    for (const place of places.values()) place.revoked = true;
    places.clear();
    starts = undefined;
    window = createDeliveryWindow(options.window, MOST_HELD);
    wake();
  }

  async function eachBatch({ batch, resolveOffset, heartbeat, isRunning }: EachBatchPayload): Promise<void> {
    const { topic, partition, messages } = batch;
    const place = await placeOf(topic, partition);
    if (place === undefined) return;
    if (!mayBegin(place, firstOffset(batch))) {
      member.current()?.seek(topic, partition, place.next);
      return;
    }
    for (const message of messages) {
      const isOver = () => place.revoked || stopped || paused || !isRunning();
      while (window.isFull && !isOver()) await roomOr(heartbeat);
      if (isOver()) return;
      if (BigInt(message.offset) >= place.next) deliver(place, message);
      resolveOffset(message.offset);
    }
    // Behind the last message there may be marks of transactions, which kafkajs has resolved with it.
    skipTo(place, BigInt(batch.lastOffset()) + 1n);
    await heartbeat();
  }

  /** Undefined where the batch is of a generation that is over. */
  async function placeOf(topic: string, partition: number): Promise<AssignedPartition | undefined> {
    const key = placeKey(topic, partition);
    const known = places.get(key);
    if (known !== undefined) return known;
    const own = generation;
    starts ??= fetchStarts(kafka, groupId, topics).catch((error: unknown) => {
      if (own === generation) starts = undefined;
      throw error;
    });
    const start = (await starts).get(key);
    if (own !== generation || start === undefined) return undefined;
    const made = places.get(key) ?? assignPartition(topic, partition, start);
    places.set(key, made);
    return made;
  }

  /** Waits for room in the window, and tells the group from time to time that this member lives. */
  async function roomOr(heartbeat: () => Promise<void>): Promise<void> {
    await new Promise<void>((resolve) => {
      const go = () => {
        waiting.delete(go);
        cancel();
        resolve();
      };
      const cancel = clock.after(LOOK_FOR_ROOM, go);
      waiting.add(go);
    });
    await heartbeat();
  }

  function wake(): void {
    for (const go of waiting) go();
  }

  function deliver(place: AssignedPartition, message: KafkaMessage): void {
    const offset = BigInt(message.offset);
    place.next = offset + 1n;
    place.tracker.add(offset, Number(message.timestamp));
    const read = readMessage(place.topic, message);
    if (read.event !== undefined && !wanted.has(read.event.name)) {
      place.tracker.settle(offset);
      return;
    }
    const room = window.add(read.lane, OVERHEAD + (message.value?.length ?? 0));
    let settled = false;
    receive({
      ...read,
      get raw() {
        return rawOf(message);
      },
      origin: `${place.topic}[${place.partition}]@${offset}`,
      // Kafka does not count them.
      redeliveries: 0,
      isOurs: () => !place.revoked,
      postpone() {
        if (place.revoked) return;
        room.postpone();
        wake();
      },
      settle() {
        if (settled) return;
        settled = true;
        place.tracker.settle(offset);
        if (place.revoked) return;
        room.leave();
        uncommitted += 1;
        if (uncommitted === MOST_UNCOMMITTED) void commit(member.current());
        wake();
      },
    });
  }

  function readMessage(topic: string, message: KafkaMessage): Pick<Message, 'event' | 'problem' | 'lane'> {
    const event = unbindEvent(message);
    const problem = typeof event === 'string' ? event : options.sourceProblem(topic, event);
    if (typeof event !== 'string' && problem === undefined) {
      return { event, lane: `${event.tenantId} ${event.source}` };
    }
    // What cannot be read holds up no tenant's lane.
    const lane = `${topic} ${message.key?.toString('utf8') ?? ''}`;
    return { event: undefined, ...(problem === undefined ? {} : { problem }), lane };
  }

  function tick(): () => void {
    return clock.after(COMMIT_INTERVAL, () => {
      void commit(member.current()).finally(() => {
        if (!stopped) cancelTick = tick();
      });
    });
  }

  /** False where it could not be: the next commit says the same, and more. */
  async function commit(through: GroupMember | undefined): Promise<boolean> {
    const due = [...places.values()].flatMap((place) => {
      const position = dueOf(place);
      return position === undefined ? [] : [{ place, position }];
    });
    if (due.length === 0) return true;
    uncommitted = 0;
    try {
      await through?.commit(
        due.map(({ place: { topic, partition }, position }) => ({ topic, partition, position })),
      );
    } catch {
      return false;
    }
    if (through === undefined) return false;
    for (const { place, position } of due) place.committed = position;
    return true;
  }
}
