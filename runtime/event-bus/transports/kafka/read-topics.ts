import { randomUUID } from 'node:crypto';
import type { Kafka, KafkaMessage, TopicPartitionOffset } from 'kafkajs';
import { kafkaError } from './kafka-errors.ts';
import { withAdmin } from './with-admin.ts';

export interface ReadTopicsOptions {
  readonly kafka: Kafka;
  readonly topics: readonly string[];
  /** Before the name of the group that is made for it; kafkajs reads as a member of a group only. */
  readonly prefix: string;
  readonly from: 'beginning' | 'now';
  /** Ends behind what is there now, or with a signal. */
  readonly until: 'end' | AbortSignal;
}

/** Reads topics as nobody's consumer: nothing is left behind at the brokers. */
export async function* readTopics(options: ReadTopicsOptions): AsyncGenerator<KafkaMessage> {
  const { kafka, from, until } = options;
  const signal = until === 'end' ? undefined : until;
  const groupId = `${options.prefix}.reader-${randomUUID()}`;
  const unreadable = (cause: unknown) => kafkaError(`${options.topics.join(', ')} cannot be read`, cause);
  const ends = await endsOf(options).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  if (until === 'end' && ends.size === 0) return;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200, retry: { retries: 5 } });
  const queue: KafkaMessage[] = [];
  let failure: Error | undefined;
  let notify = () => {};
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) failure = payload.error;
    notify();
  });
  consumer.on(consumer.events.GROUP_JOIN, () => {
    if (from === 'now') for (const end of ends.values()) consumer.seek(end);
  });
  const stop = () => notify();
  signal?.addEventListener('abort', stop);
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      async eachBatch({ batch }) {
        queue.push(...batch.messages);
        const place = `${batch.topic} ${batch.partition}`;
        if (BigInt(batch.lastOffset()) + 1n >= BigInt(ends.get(place)?.offset ?? 0)) ends.delete(place);
        notify();
      },
    });
    for (;;) {
      if (signal?.aborted === true) return;
      if (failure !== undefined) throw unreadable(failure);
      const message = queue.shift();
      if (message !== undefined) {
        yield message;
      } else if (until === 'end' && ends.size === 0) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          notify = resolve;
        });
      }
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    await consumer.disconnect();
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
}

/** Where each partition ends now; only those that hold something, where that is all that is read. */
async function endsOf({
  kafka,
  topics,
  until,
}: ReadTopicsOptions): Promise<Map<string, TopicPartitionOffset>> {
  return await withAdmin(kafka, async (admin) => {
    const ends = new Map<string, TopicPartitionOffset>();
    for (const topic of topics) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        if (until === 'end' && BigInt(high) === BigInt(low)) continue;
        ends.set(`${topic} ${partition}`, { topic, partition, offset: high });
      }
    }
    return ends;
  });
}
