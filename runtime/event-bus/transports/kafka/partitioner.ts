import { Partitioners, type PartitionMetadata } from 'kafkajs';

/** Which partition of a topic a key belongs to. */
export type ChoosePartition = (topic: string, key: string | null, partitions: number) => number;

/** As Java's clients choose, so that whatever else publishes to a topic keeps a tenant's events together. */
export function createPartitioner(): ChoosePartition {
  const choose = Partitioners.DefaultPartitioner();
  return (topic, key, partitions) => {
    const partitionMetadata = Array.from({ length: partitions }, (_, partitionId): PartitionMetadata => {
      return { partitionId, leader: 0, replicas: [], isr: [], partitionErrorCode: 0 };
    });
    return choose({ topic, partitionMetadata, message: { key, value: null } });
  };
}
