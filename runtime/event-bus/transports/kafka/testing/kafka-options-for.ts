import { randomBytes } from 'node:crypto';
import type { KafkaOptions } from '../kafka-options.ts';

/** Settings for one test: topics and groups of its own on brokers that others use too. */
export function kafkaOptionsFor(brokers: readonly string[]): KafkaOptions {
  return {
    brokers,
    clientId: 'plexica-test',
    prefix: `test-${randomBytes(6).toString('hex')}`,
    partitions: 4,
    replicationFactor: undefined,
    retention: 3_600_000,
    tls: undefined,
    sasl: undefined,
  };
}
