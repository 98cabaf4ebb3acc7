import { type Kafka, type Message, Partitioners, type Producer } from 'kafkajs';
import { kafkaCodeOf, kafkaError } from './kafka-errors.ts';

/** Sends to each partition in the order in which it was asked to; what came together goes in one request. */
export interface OrderedProducer {
  /**
   * Resolves once all in-sync replicas have them.
   *
   * @throws EventBusError `transport-refused`, `transport-unavailable`: then they may be there all the same
   */
  send(topic: string, partition: number, messages: readonly Message[]): Promise<void>;
  close(): Promise<void>;
}

interface Pending {
  readonly messages: readonly Message[];
  /** Of all messages, roughly. */
  readonly bytes: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Line {
  readonly topic: string;
  readonly partition: number;
  readonly queue: Pending[];
  atWork: boolean;
}

/** A producer with its own id at the brokers. Retired after a failure, and ended when nobody uses it any more. */
interface Session {
  readonly producer: Promise<Producer>;
  users: number;
  retired: boolean;
}

/** In one request: brokers refuse batches of more than a megabyte (`message.max.bytes`), however small their messages. */
const MOST_BYTES = 512 << 10;

/** After these the broker has kept nothing, and a producer with a new id may send the same once more. */
const SEND_AGAIN = new Set(['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID', 'INVALID_PRODUCER_EPOCH']);

/**
 * One request per partition is under way at a time, of which a broker keeps what is sent twice once. Partitions have
 * requests of their own, because kafkajs begins to repeat one that failed at one broker while its other parts are still on
 * their way to others, and those would then come twice and out of order.
 *
 * After a failure the producer gets a new id: kafkajs gives the sequence numbers of what failed to what is sent next, which
 * a broker that kept the former would take for a repetition of it, and drop.
 */
export function createOrderedProducer(kafka: Kafka): OrderedProducer {
  const lines = new Map<string, Line>();
  const sessions = new Set<Session>();
  let current: Session | undefined;
  let idle: (() => void)[] = [];

  return {
    send(topic, partition, messages) {
      return new Promise((done, failed) => {
        const line = lineOf(topic, partition);
        line.queue.push({ messages, bytes: bytesOf(messages), done, failed });
        if (!line.atWork) void work(line);
      });
    },
    async close() {
      while ([...lines.values()].some(({ atWork }) => atWork)) {
        await new Promise<void>((resolve) => idle.push(resolve));
      }
      const all = [...sessions];
      await Promise.all(all.map(end));
    },
  };

  function lineOf(topic: string, partition: number): Line {
    const key = `${topic} ${partition}`;
    const known = lines.get(key);
    if (known !== undefined) return known;
    const made = { topic, partition, queue: [], atWork: false };
    lines.set(key, made);
    return made;
  }

  async function work(line: Line): Promise<void> {
    line.atWork = true;
    while (line.queue.length > 0) await deliver(line, takeBatch(line.queue));
    line.atWork = false;
    const told = idle;
    idle = [];
    for (const look of told) look();
  }

  async function deliver(line: Line, batch: readonly Pending[]): Promise<void> {
    const error = await attempt(line, batch);
    if (error === undefined) {
      for (const { done } of batch) done();
    } else if (batch.length > 1 && /TOO_LARGE/.test(kafkaCodeOf(error) ?? '')) {
      // One that is too large must not take others with it.
      for (const one of batch) await deliver(line, [one]);
    } else {
      const what = `Kafka did not take what was published to ${line.topic}`;
      for (const { failed } of batch) failed(kafkaError(what, error));
    }
  }

  /** Undefined once it is kept. */
  async function attempt(line: Line, batch: readonly Pending[], again = true): Promise<unknown> {
    const session = open();
    session.users += 1;
    try {
      const producer = await session.producer;
      const messages = batch.flatMap((one) =>
        one.messages.map((message) => ({ ...message, partition: line.partition })),
      );
      await producer.send({ topic: line.topic, acks: -1, messages });
      return undefined;
    } catch (error) {
      session.retired = true;
      if (current === session) current = undefined;
      if (!again || !SEND_AGAIN.has(kafkaCodeOf(error) ?? '')) return error;
    } finally {
      session.users -= 1;
      if (session.retired && session.users === 0) void end(session);
    }
    return await attempt(line, batch, false);
  }

  function open(): Session {
    if (current !== undefined) return current;
    const producer = kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 10, initialRetryTime: 100, maxRetryTime: 2_000 },
    });
    current = { producer: producer.connect().then(() => producer), users: 0, retired: false };
    sessions.add(current);
    return current;
  }

  async function end(session: Session): Promise<void> {
    sessions.delete(session);
    if (current === session) current = undefined;
    await session.producer.then((producer) => producer.disconnect()).catch(() => undefined);
  }
}

function takeBatch(queue: Pending[]): Pending[] {
  let bytes = 0;
  let end = 0;
  for (const pending of queue) {
    if (end > 0 && bytes + pending.bytes > MOST_BYTES) break;
    bytes += pending.bytes;
    end += 1;
  }
  return queue.splice(0, end);
}

function bytesOf(messages: readonly Message[]): number {
  let bytes = 0;
  for (const { key, value, headers = {} } of messages) {
    bytes += 64 + (key?.length ?? 0) + (value === null ? 0 : Buffer.byteLength(value));
    for (const [name, text] of Object.entries(headers)) bytes += name.length + String(text).length + 4;
  }
  return bytes;
}
