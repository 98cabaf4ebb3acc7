import type { Batch, Kafka } from 'kafkajs';
import { withAdmin } from './with-admin.ts';

export function placeKey(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}

/** Where a group must begin with each partition: what it committed last, else what is kept first. */
export async function fetchStarts(
  kafka: Kafka,
  groupId: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  return await withAdmin(kafka, async (admin) => {
    const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
    const starts = new Map<string, bigint>();
    for (const { topic, partitions } of committed) {
      for (const { partition, offset } of partitions) {
        if (BigInt(offset) >= 0n) starts.set(placeKey(topic, partition), BigInt(offset));
      }
    }
    for (const topic of topics) {
      for (const { partition, low } of await admin.fetchTopicOffsets(topic)) {
        const key = placeKey(topic, partition);
        if (!starts.has(key)) starts.set(key, BigInt(low));
      }
    }
    return starts;
  });
}

/** Messages behind what the group has committed. */
export async function fetchLag(kafka: Kafka, groupId: string, topics: readonly string[]): Promise<number> {
  return await withAdmin(kafka, async (admin) => {
    const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
    let messages = 0n;
    for (const { topic, partitions } of committed) {
      const ends = new Map(
        (await admin.fetchTopicOffsets(topic)).map(({ partition, high, low }) => [partition, { high, low }]),
      );
      for (const { partition, offset } of partitions) {
        const end = ends.get(partition);
        if (end === undefined) continue;
        const low = BigInt(end.low);
        // What was deleted before it was committed lags no more.
        const from = BigInt(offset) > low ? BigInt(offset) : low;
        messages += BigInt(end.high) - from;
      }
    }
    return Number(messages);
  });
}

/**
 * The offset from which a batch was fetched. Its first message may have a later one, where messages between were compacted
 * away or belong to transactions.
 */
export function firstOffset(batch: Batch): bigint {
  // kafkajs has it, and its types do not say so.
  const { fetchedOffset } = batch as Batch & { readonly fetchedOffset?: string | number };
  return BigInt(fetchedOffset ?? batch.firstOffset() ?? batch.lastOffset());
}
