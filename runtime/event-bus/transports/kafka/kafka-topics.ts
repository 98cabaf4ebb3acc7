import type { Admin, ITopicConfig, Kafka } from 'kafkajs';
import type { Clock } from '../../clock.ts';
import { EventBusError } from '../../errors.ts';
import { kafkaError } from './kafka-errors.ts';
import type { KafkaOptions } from './kafka-options.ts';
import { withAdmin } from './with-admin.ts';

/** Makes the topics that are missing. Those that are there stay as they are: an operator may have made them otherwise. */
export interface KafkaTopics {
  /** Resolves once they are there and have leaders. */
  ensure(topics: readonly ITopicConfig[]): Promise<void>;
  /** How many partitions a topic had when it was ensured. It must not change while keys must stay where they are. */
  partitionsOf(topic: string): number;
  /** Looks anew the next time: it may have been deleted. */
  forget(topic: string): void;
}

export interface KafkaTopicsOptions {
  readonly kafka: Kafka;
  readonly clock: Clock;
}

/** Times in milliseconds. */
const LONGEST = 20_000;
const LOOK_AGAIN = 100;

export function createKafkaTopics({ kafka, clock }: KafkaTopicsOptions): KafkaTopics {
  const known = new Map<string, number>();
  const underWay = new Map<string, Promise<void>>();

  return {
    async ensure(topics) {
      const missing = topics.filter(({ topic }) => !known.has(topic));
      await Promise.all(missing.map(ensureOnce));
    },
    partitionsOf: (topic) => known.get(topic) ?? 1,
    forget: (topic) => known.delete(topic),
  };

  /** What is asked for at the same time is made once. */
  function ensureOnce(wanted: ITopicConfig): Promise<void> {
    const { topic } = wanted;
    const already = underWay.get(topic);
    if (already !== undefined) return already;
    const work = withAdmin(kafka, (admin) => make(admin, wanted))
      .catch((cause: unknown) => {
        throw kafkaError(`the topic ${topic} cannot be made`, cause);
      })
      .finally(() => underWay.delete(topic));
    underWay.set(topic, work);
    return work;
  }

  /**
   * kafkajs can wait for leaders itself, but gives up where the broker that it asks has not yet heard of the new topic from
   * the controller, as happens without ZooKeeper.
   */
  async function make(admin: Admin, wanted: ITopicConfig): Promise<void> {
    const { topic } = wanted;
    const until = clock.now() + LONGEST;
    for (;;) {
      const { topics } = await admin.fetchTopicMetadata().catch(() => ({ topics: [] }));
      const partitions = topics.find(({ name }) => name === topic)?.partitions ?? [];
      if (partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)) {
        known.set(topic, partitions.length);
        return;
      }
      if (clock.now() > until) {
        throw new EventBusError('transport-unavailable', `the topic ${topic} has no leaders yet`);
      }
      // False where another replica was quicker.
      if (partitions.length === 0) await admin.createTopics({ topics: [wanted], waitForLeaders: false });
      await new Promise<void>((resolve) => clock.after(LOOK_AGAIN, resolve));
    }
  }
}

type TopicSettings = Pick<KafkaOptions, 'partitions' | 'replicationFactor' | 'retention'>;

export function eventTopic(topic: string, options: TopicSettings): ITopicConfig {
  return topicConfig(topic, options.partitions, options, { 'retention.ms': String(options.retention) });
}

/** A letter holds a message and what is said about it, so it may be larger than any message. */
export function letterTopic(topic: string, options: TopicSettings): ITopicConfig {
  return topicConfig(topic, 1, options, {
    'cleanup.policy': 'compact',
    'max.message.bytes': String(16 << 20),
  });
}

function topicConfig(
  topic: string,
  numPartitions: number,
  { replicationFactor }: TopicSettings,
  entries: Readonly<Record<string, string>>,
): ITopicConfig {
  return {
    topic,
    numPartitions,
    ...(replicationFactor === undefined ? {} : { replicationFactor }),
    configEntries: Object.entries(entries).map(([name, value]) => ({ name, value })),
  };
}
