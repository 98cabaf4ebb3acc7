import { setTimeout as sleep } from 'node:timers/promises';
import { createKafkaArchive, type KafkaOptions } from '@plexica/event-bus/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { startKafka } from '../support/kafka/kafka-broker.ts';
import type { Carrier } from './carrier.ts';

/** How soon the group gives a killed subscriber's work to others, in milliseconds. */
const SESSION_TIMEOUT = 4_000;
const LOOK_AGAIN = 200;

/** A Kafka of its own. Of several brokers one after the other is killed, each when the one before has caught up. */
export async function startKafkaCarrier(size: number): Promise<Carrier> {
  const cluster = await startKafka({ size });
  const options: KafkaOptions = {
    brokers: cluster.brokers,
    clientId: 'event-loss',
    prefix: 'plexica',
    partitions: 6,
    replicationFactor: undefined,
    retention: 3_600_000,
    tls: undefined,
    sasl: undefined,
  };
  let kills = 0;
  return {
    name: size === 1 ? 'kafka' : `kafka, ${size} brokers`,
    route: { kind: 'kafka', options: { ...options, sessionTimeout: SESSION_TIMEOUT } },
    async kill(pause) {
      const index = kills % size;
      await cluster.kill(index);
      kills += 1;
      await sleep(pause);
      await cluster.start(index);
      await untilInSync(cluster.brokers);
    },
    get kills() {
      return kills;
    },
    async deadLetters() {
      let letters = 0;
      for await (const _letter of createKafkaArchive(options).deadLetters(undefined)) letters += 1;
      return letters;
    },
    stop: () => cluster.stop(),
  };
}

/** Until every partition has all its replicas. */
async function untilInSync(brokers: readonly string[]): Promise<void> {
  const admin = new Kafka({ brokers: [...brokers], clientId: 'look', logLevel: logLevel.NOTHING }).admin();
  try {
    await admin.connect();
    for (;;) {
      const { topics } = await admin.fetchTopicMetadata();
      const partitions = topics.flatMap((topic) => topic.partitions);
      if (partitions.every(({ isr, replicas }) => isr.length === replicas.length)) return;
      await sleep(LOOK_AGAIN);
    }
  } finally {
    await admin.disconnect();
  }
}
