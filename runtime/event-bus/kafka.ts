/** Events over Kafka: an entry of its own, so that who does not use it does not load a Kafka client. */
export { createKafkaArchive, type KafkaArchiveOptions } from './transports/kafka/kafka-archive.ts';
export type { KafkaOptions } from './transports/kafka/kafka-options.ts';
export { createKafkaTransport, type KafkaTransportOptions } from './transports/kafka/kafka-transport.ts';
