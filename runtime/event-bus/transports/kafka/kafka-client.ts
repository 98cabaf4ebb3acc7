import { Kafka, type KafkaConfig, type logCreator, logLevel } from 'kafkajs';
import type { KafkaOptions } from './kafka-options.ts';

export type KafkaClientOptions = Pick<KafkaOptions, 'brokers' | 'clientId' | 'tls' | 'sasl'> & {
  /** What kafkajs says, from warnings on. */
  readonly log?: (level: 'warn' | 'error', text: string) => void;
};

/**
 * It repeats errors that pass as errors of its own log, and says that its retries are limited: they are meant to be, a
 * publisher wants an answer.
 */
const NOT_SAID = /Limiting retries for the idempotent producer|^Response |The group is rebalancing/;

export function createKafkaClient({ brokers, clientId, tls, sasl, log }: KafkaClientOptions): Kafka {
  const creator: logCreator = () => (entry) => {
    if (entry.level > logLevel.WARN || NOT_SAID.test(entry.log.message)) return;
    log?.(entry.level === logLevel.WARN ? 'warn' : 'error', `${entry.namespace}: ${entry.log.message}`);
  };
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ...(tls === undefined ? {} : { ssl: { ...tls } }),
    // kafkajs asks for a mechanism of its own union; ours is a part of it.
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as NonNullable<KafkaConfig['sasl']> }),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 2_000 },
    logLevel: logLevel.WARN,
    logCreator: creator,
  });
}
