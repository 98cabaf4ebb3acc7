import { type Clock, systemClock } from '../../clock.ts';
import { EventBusError } from '../../errors.ts';
import type { Subscription, Transport } from '../transport.ts';
import { letterIdOf } from './dead-letters.ts';
import { type BoundMessage, bindEvent } from './kafka-binding.ts';
import { createKafkaClient, type KafkaClientOptions } from './kafka-client.ts';
import { unreachable } from './kafka-errors.ts';
import {
  deadLetterTopicOf,
  groupIdOf,
  type KafkaOptions,
  replayTopicOf,
  sourceOf,
  topicOf,
} from './kafka-options.ts';
import { createOrderedProducer, type OrderedProducer } from './kafka-producer.ts';
import { subscribeToKafka } from './kafka-subscription.ts';
import { createKafkaTopics, eventTopic, letterTopic } from './kafka-topics.ts';
import { createPartitioner } from './partitioner.ts';
import { withAdmin } from './with-admin.ts';

export interface KafkaTransportOptions extends KafkaOptions, Pick<KafkaClientOptions, 'log'> {
  readonly clock?: Clock;
  /** After so many milliseconds without a word of it a replica's work goes to others; 30,000 unless stated. */
  readonly sessionTimeout?: number;
}

const SESSION_TIMEOUT = 30_000;

/** Events over Kafka: an idempotent producer, manual commits, a topic per publisher. */
export function createKafkaTransport(options: KafkaTransportOptions): Transport {
  const { clock = systemClock, log = () => undefined } = options;
  const kafka = createKafkaClient(options);
  const topics = createKafkaTopics({ kafka, clock });
  const choosePartition = createPartitioner();
  const subscriptions = new Set<Subscription>();
  let producer: OrderedProducer | undefined;

  return {
    name: 'kafka',
    async start() {
      try {
        await withAdmin(kafka, (admin) => admin.describeCluster());
      } catch (cause) {
        throw unreachable(options.brokers, cause);
      }
      producer = createOrderedProducer(kafka);
    },
    async publish(events) {
      const bound = events.map((event) => ({
        topic: topicOf(options, event.source),
        message: bindEvent(event),
      }));
      const names = [...new Set(bound.map(({ topic }) => topic))];
      await topics.ensure(names.map((name) => eventTopic(name, options)));
      await sendAll(bound);
    },
    async subscribe(subscription) {
      const { group, sources } = subscription;
      const replays = replayTopicOf(options, group);
      const names = [...sources.map((source) => topicOf(options, source)), replays];
      await topics.ensure(names.map((name) => eventTopic(name, options)));
      const made = await subscribeToKafka({
        ...subscription,
        kafka,
        groupId: groupIdOf(options, group),
        topics: names,
        // Who may write to a topic is the broker's to say; who an event says it is from must be the same.
        sourceProblem: (topic, { source }) =>
          topic === replays || source === sourceOf(options, topic)
            ? undefined
            : `its source is ${source}, and it stands in the topic of ${sourceOf(options, topic) ?? 'others'}`,
        sessionTimeout: options.sessionTimeout ?? SESSION_TIMEOUT,
        clock,
        log,
      });
      subscriptions.add(made);
      return made;
    },
    async deadLetter(letter) {
      const topic = deadLetterTopicOf(options, letter.group);
      await topics.ensure([letterTopic(topic, options)]);
      // The same message that was given up twice, because its first settlement was lost, is one letter.
      await running().send(topic, 0, [{ key: letterIdOf(letter), value: JSON.stringify(letter) }]);
    },
    async stop() {
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      subscriptions.clear();
      const old = producer;
      producer = undefined;
      await old?.close();
    },
  };

  function running(): OrderedProducer {
    if (producer !== undefined) return producer;
    throw new EventBusError('not-running', 'the Kafka transport is not started');
  }

  /** Rejects once all have been tried, where one of them failed. */
  async function sendAll(
    bound: readonly { readonly topic: string; readonly message: BoundMessage }[],
  ): Promise<void> {
    const sender = running();
    const sent = await Promise.allSettled(
      bound.map(async ({ topic, message }) => {
        try {
          await sender.send(topic, choosePartition(topic, message.key, topics.partitionsOf(topic)), [
            message,
          ]);
        } catch (error) {
          topics.forget(topic);
          throw error;
        }
      }),
    );
    for (const result of sent) if (result.status === 'rejected') throw result.reason;
  }
}
