import { Kafka, logLevel, type Message, Partitioners } from 'kafkajs';
import { type BenchEvent, type EventClient, publishSideBySide } from './event-client.ts';

export interface PlainOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  /** How many events are on their way at once. */
  readonly atOnce: number;
  /** Whether those go in one request; else each has its own. */
  readonly together: boolean;
}

/** The peer: kafkajs as its documentation shows it, with `acks: -1` and offsets committed after each batch. */
export async function createPlainClient(options: PlainOptions): Promise<EventClient> {
  const { brokers, topic, partitions, atOnce, together } = options;
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'plain', logLevel: logLevel.ERROR });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const consumer = kafka.consumer({ groupId: `${topic}.group` });
  await producer.connect();
  const send = async (events: readonly BenchEvent[]) => {
    await producer.send({ topic, acks: -1, messages: events.map(messageOf) });
  };
  return {
    publish: (event) => send([event]),
    async publishAll(events) {
      if (!together) return await publishSideBySide(events, atOnce, (event) => send([event]));
      for (let from = 0; from < events.length; from += atOnce) await send(events.slice(from, from + atOnce));
    },
    async subscribe(handle) {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        throw payload.error;
      });
      const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: true,
        async eachBatch({ batch }) {
          for (const { value } of batch.messages) handle(JSON.parse(value?.toString() ?? ''));
          const offset = String(BigInt(batch.lastOffset()) + 1n);
          await consumer.commitOffsets([{ topic, partition: batch.partition, offset }]);
        },
      });
      await joined;
    },
    async stop() {
      await Promise.all([producer.disconnect(), consumer.disconnect()]);
    },
  };
}

function messageOf(event: BenchEvent): Message {
  return { key: event.tenant, value: JSON.stringify(event) };
}
