import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';

/** One life of a kafkajs consumer, from joining its group to a crash or to leaving it. */
export interface GroupMember {
  pause(): void;
  resume(): void;
  /** Has the partition fetched from there on. */
  seek(topic: string, partition: number, offset: bigint): void;
  /** Rejects while the group is rebalancing, and where this member is no longer of it. */
  commit(offsets: readonly CommittedOffset[]): Promise<void>;
  leave(): Promise<void>;
}

export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly position: bigint;
}

export interface GroupMemberOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** After so many milliseconds without a word of it a member counts as dead. */
  readonly sessionTimeout: number;
  readonly eachBatch: (payload: EachBatchPayload) => Promise<void>;
  /** The group has a new generation, in which every partition begins anew from what was committed. */
  readonly joined: (member: GroupMember) => void;
  /** The group is about to have a new generation; what is committed at once still counts for this one. */
  readonly rebalancing: (member: GroupMember) => void;
  /** It lives. */
  readonly heard: () => void;
  /** It ended, some time after it had joined. */
  readonly crashed: (error: Error) => void;
}

/** How long a fetch waits where there is nothing, and how long leaving takes at least, in milliseconds. */
const FETCH_WAIT = 500;

/** @throws the error for which it could not join */
export async function joinGroup(options: GroupMemberOptions): Promise<GroupMember> {
  const { kafka, groupId, sessionTimeout } = options;
  const topics = [...options.topics];
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout,
    heartbeatInterval: Math.min(3_000, sessionTimeout / 3),
    rebalanceTimeout: Math.max(sessionTimeout, 30_000),
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: FETCH_WAIT,
    retry: {
      retries: 8,
      initialRetryTime: 100,
      maxRetryTime: 3_000,
      // kafkajs would begin again by itself, but forget what is paused, and after some errors only.
      restartOnFailure: async () => false,
    },
  });
  const member = memberOf(consumer, topics);
  let crash: Error | undefined;
  let joining = true;

  consumer.on(consumer.events.HEARTBEAT, options.heard);
  consumer.on(consumer.events.FETCH, options.heard);
  // Listeners are called before kafkajs goes on.
  consumer.on(consumer.events.GROUP_JOIN, () => options.joined(member));
  consumer.on(consumer.events.REBALANCING, () => options.rebalancing(member));
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (joining) crash = payload.error;
    else options.crashed(payload.error);
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 8,
      eachBatch: options.eachBatch,
    });
    // `run` resolves also where the consumer could not join; then it has crashed.
    if (crash !== undefined) throw crash;
  } catch (error) {
    await consumer.disconnect().catch(() => undefined);
    throw error;
  }
  joining = false;
  return member;
}

function memberOf(consumer: Consumer, topics: readonly string[]): GroupMember {
  const all = topics.map((topic) => ({ topic }));
  return {
    pause: () => quietly(() => consumer.pause(all)),
    resume: () => quietly(() => consumer.resume(all)),
    seek: (topic, partition, offset) => consumer.seek({ topic, partition, offset: String(offset) }),
    async commit(offsets) {
      await consumer.commitOffsets(
        offsets.map(({ topic, partition, position }) => ({ topic, partition, offset: String(position) })),
      );
    },
    leave: () => consumer.disconnect(),
  };
}

/** kafkajs throws where the consumer does not run; the next one is told when it joins. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {}
}
