import { Kafka, logLevel } from 'kafkajs';
import { describe } from 'vitest';
import { kafkaIsMissing, sharedKafka } from '../../../../test/support/kafka/shared-kafka.ts';
import { describeTransport } from '../../testing/contract-suite.ts';
import { createKafkaArchive } from './kafka-archive.ts';
import { topicOf } from './kafka-options.ts';
import { createKafkaTransport } from './kafka-transport.ts';
import { kafkaOptionsFor } from './testing/kafka-options-for.ts';

describe.skipIf(kafkaIsMissing !== undefined)('with Apache Kafka', () => {
  describeTransport({
    name: 'kafka',
    skipped: {
      'keeps an event that is published twice once':
        'Kafka keeps what it is given, and knows nothing of our ids; handlers ask bus.seen',
      'says so when its events no longer come':
        'a refusal takes a broker with rights: kafka-security.test.ts',
    },
    async start() {
      const options = kafkaOptionsFor(await sharedKafka());
      return {
        connect: () => createKafkaTransport({ ...options, sessionTimeout: 6_000 }),
        archive: createKafkaArchive(options),
        async inject(pluginId, tenantId, value) {
          const producer = new Kafka({
            brokers: [...options.brokers],
            logLevel: logLevel.NOTHING,
          }).producer();
          await producer.connect();
          await producer.send({
            topic: topicOf(options, pluginId),
            messages: [{ key: tenantId, value }],
          });
          await producer.disconnect();
        },
        refuse: async () => undefined,
        stop: async () => undefined,
      };
    },
  });
});
