import { readFile } from 'node:fs/promises';
import { EventBusError } from '../errors.ts';
import { member } from './embedded/gateway-calls.ts';
import type { KafkaOptions } from './kafka/kafka-options.ts';

/** What a plugin must bring along where Kafka wants it; the gateway tells it everything else. */
export interface KafkaEnvironment {
  readonly [name: string]: string | undefined;
  readonly KAFKA_USERNAME?: string | undefined;
  readonly KAFKA_PASSWORD?: string | undefined;
  /** PEM files. */
  readonly KAFKA_CA_FILE?: string | undefined;
  readonly KAFKA_CERT_FILE?: string | undefined;
  readonly KAFKA_KEY_FILE?: string | undefined;
}

/**
 * What the gateway says of Kafka, with the secrets of this process.
 *
 * @throws EventBusError `transport-refused` for an answer that is not understood, and for secrets that are missing
 */
export async function kafkaOptionsOf(answer: unknown, environment: KafkaEnvironment): Promise<KafkaOptions> {
  const [brokers, clientId, prefix] = ['brokers', 'clientId', 'prefix'].map((name) => member(answer, name));
  const [partitions, retention] = ['partitions', 'retentionMs'].map((name) => member(answer, name));
  const replicationFactor = member(answer, 'replicationFactor');
  if (
    !Array.isArray(brokers) ||
    typeof clientId !== 'string' ||
    typeof prefix !== 'string' ||
    typeof partitions !== 'number' ||
    typeof retention !== 'number'
  ) {
    throw new EventBusError(
      'transport-refused',
      'what the gateway says of Kafka is not understood: gateway and @plexica/event-bus differ in version',
    );
  }
  return {
    brokers: brokers.map(String),
    clientId,
    prefix,
    partitions,
    replicationFactor: typeof replicationFactor === 'number' ? replicationFactor : undefined,
    retention,
    tls: member(answer, 'tls') === true ? await readTls(environment) : undefined,
    sasl: saslOf(member(answer, 'sasl'), environment),
  };
}

async function readTls({ KAFKA_CA_FILE, KAFKA_CERT_FILE, KAFKA_KEY_FILE }: KafkaEnvironment) {
  const read = async (name: string, file: string | undefined) =>
    file === undefined || file === '' ? {} : { [name]: await readFile(file, 'utf8') };
  try {
    return {
      ...(await read('ca', KAFKA_CA_FILE)),
      ...(await read('cert', KAFKA_CERT_FILE)),
      ...(await read('key', KAFKA_KEY_FILE)),
    };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new EventBusError(
      'transport-refused',
      `a file of KAFKA_CA_FILE, KAFKA_CERT_FILE or KAFKA_KEY_FILE cannot be read: ${words}`,
      { cause },
    );
  }
}

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

function saslOf(sasl: unknown, environment: KafkaEnvironment): KafkaOptions['sasl'] {
  if (sasl === undefined) return undefined;
  const mechanism = MECHANISMS.find((known) => known === member(sasl, 'mechanism'));
  const { KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = environment;
  if (mechanism !== undefined && username && password) return { mechanism, username, password };
  throw new EventBusError(
    'transport-refused',
    'Kafka wants a user name and a password: set KAFKA_USERNAME and KAFKA_PASSWORD for this plugin',
  );
}
