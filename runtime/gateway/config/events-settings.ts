import { resolve } from 'node:path';
import { bytes, type EventsSettings, isBroker, type KafkaSettings, milliseconds } from '@plexica/types';
import { SetupError } from '../errors.ts';
import type { EventsConfig, EventTransportConfig, KafkaConfig } from './gateway-config.ts';
import { positiveDuration } from './positive-duration.ts';
import type { WorkspaceDocument } from './read-workspace.ts';

const DEFAULTS = {
  retention: '168h',
  maxSize: '1GiB',
  retry: { attempts: 8, initial: '500ms', max: '30s' },
  apiRequests: { sample: 1, every: '1s' },
  kafka: { clientId: 'plexica', prefix: 'plexica', partitions: 6 },
} as const;

/** @throws SetupError for a broker that has no port, and for Kafka without brokers */
export function eventsOf(
  settings: EventsSettings,
  folder: string,
  document: WorkspaceDocument,
): EventsConfig {
  const { retention, maxSize, retry = {}, apiRequests = {} } = settings;
  return {
    transport: transportOf(settings, folder, document),
    retention: positiveDuration(
      retention ?? DEFAULTS.retention,
      'events.retention',
      document.at('events', 'retention'),
    ),
    maxSize: bytes(maxSize ?? DEFAULTS.maxSize),
    retry: {
      attempts: retry.attempts ?? DEFAULTS.retry.attempts,
      initial: milliseconds(retry.initial ?? DEFAULTS.retry.initial),
      max: milliseconds(retry.max ?? DEFAULTS.retry.max),
    },
    apiRequests: {
      sample: apiRequests.sample ?? DEFAULTS.apiRequests.sample,
      every: positiveDuration(
        apiRequests.every ?? DEFAULTS.apiRequests.every,
        'events.apiRequests.every',
        document.at('events', 'apiRequests', 'every'),
      ),
    },
  };
}

function transportOf(
  { transport = 'embedded', brokers, kafka = {} }: EventsSettings,
  folder: string,
  { at }: WorkspaceDocument,
): EventTransportConfig {
  if (transport === 'embedded') return { kind: 'embedded' };
  const where = at('events', 'brokers');
  if (brokers === undefined) {
    throw new SetupError(
      `${at('events', 'transport')}: events.transport is kafka, and events.brokers is missing: host:port, separated by commas`,
    );
  }
  const list = brokers.split(',').map((broker) => broker.trim());
  const wrong = list.find((broker) => !isBroker(broker));
  if (wrong !== undefined) {
    throw new SetupError(`${where}: events.brokers lists "${wrong}", which is not of the form host:port`);
  }
  return { kind: 'kafka', ...kafkaOf(list, kafka, folder) };
}

function kafkaOf(brokers: readonly string[], kafka: KafkaSettings, folder: string): KafkaConfig {
  const { clientId, prefix, partitions, replicationFactor, tls, sasl } = kafka;
  return {
    brokers,
    clientId: clientId ?? DEFAULTS.kafka.clientId,
    prefix: prefix ?? DEFAULTS.kafka.prefix,
    partitions: partitions ?? DEFAULTS.kafka.partitions,
    replicationFactor,
    tls:
      tls &&
      Object.fromEntries(
        Object.entries(tls).flatMap(([name, file]) =>
          file === undefined ? [] : [[name, resolve(folder, file)]],
        ),
      ),
    sasl,
  };
}
