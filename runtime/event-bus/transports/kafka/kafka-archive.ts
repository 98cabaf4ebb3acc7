import { type Clock, systemClock } from '../../clock.ts';
import type { DeadLetter, EventArchive, StoredDeadLetter } from '../transport.ts';
import { parseLetter } from './dead-letters.ts';
import { followTopics } from './follow-topics.ts';
import { bindEvent, messageOfRaw, unbindEvent } from './kafka-binding.ts';
import { createKafkaClient, type KafkaClientOptions } from './kafka-client.ts';
import { unreachable } from './kafka-errors.ts';
import {
  deadLetterTopicOf,
  isDeadLetterTopic,
  type KafkaOptions,
  replayTopicOf,
  sourceOf,
} from './kafka-options.ts';
import { createOrderedProducer, type OrderedProducer } from './kafka-producer.ts';
import { createKafkaTopics, eventTopic, type KafkaTopics } from './kafka-topics.ts';
import { createPartitioner } from './partitioner.ts';
import { readTopics } from './read-topics.ts';
import { withAdmin } from './with-admin.ts';

export interface KafkaArchiveOptions extends KafkaOptions, Pick<KafkaClientOptions, 'log'> {
  readonly clock?: Clock;
}

/** What people do with events from outside, on Kafka. Every call has connections of its own. */
export function createKafkaArchive(options: KafkaArchiveOptions): EventArchive {
  const { prefix, clock = systemClock } = options;
  const kafka = createKafkaClient(options);
  const choosePartition = createPartitioner();

  return {
    async *tail(names, signal) {
      const wanted = new Set(names);
      const listTopics = async () =>
        (await topicNames()).filter((topic) => sourceOf(options, topic) !== undefined);
      for await (const message of followTopics({ kafka, prefix, listTopics, signal, clock })) {
        const event = unbindEvent(message);
        if (typeof event !== 'string' && (wanted.size === 0 || wanted.has(event.name))) yield event;
      }
    },
    deadLetters,
    async *replay(ids) {
      // All are read for one, too: there is no other way to a letter.
      const letters = new Map<string, StoredDeadLetter>();
      const wanted = new Set(ids);
      for await (const letter of deadLetters(undefined)) {
        if (wanted.has(letter.id)) letters.set(letter.id, letter);
      }
      const topics = createKafkaTopics({ kafka, clock });
      const producer = createOrderedProducer(kafka);
      try {
        for (const id of ids) {
          const letter = letters.get(id);
          if (letter !== undefined) await giveAgain(letter, topics, producer);
          letters.delete(id);
          yield { id, found: letter !== undefined };
        }
      } finally {
        await producer.close();
      }
    },
  };

  async function* deadLetters(group: string | undefined): AsyncGenerator<StoredDeadLetter> {
    const topics = (await topicNames()).filter((topic) =>
      group === undefined ? isDeadLetterTopic(options, topic) : topic === deadLetterTopicOf(options, group),
    );
    if (topics.length === 0) return;
    const letters = new Map<string, DeadLetter>();
    for await (const { key, value } of readTopics({
      kafka,
      topics,
      prefix,
      from: 'beginning',
      until: 'end',
    })) {
      const id = key?.toString('utf8') ?? '';
      const letter = value === null ? undefined : parseLetter(value.toString('utf8'));
      if (letter === undefined) letters.delete(id);
      else letters.set(id, letter);
    }
    for (const [id, letter] of letters)
      if (group === undefined || letter.group === group) yield { ...letter, id };
  }

  /** It is off the list only when the group has it: if this ends between the two, it is given twice. */
  async function giveAgain(
    { id, group, event, raw }: StoredDeadLetter,
    topics: KafkaTopics,
    producer: OrderedProducer,
  ): Promise<void> {
    const topic = replayTopicOf(options, group);
    await topics.ensure([eventTopic(topic, options)]);
    const message = event === undefined ? messageOfRaw(raw) : bindEvent(event);
    if (message !== undefined) {
      const partition = choosePartition(topic, message.key, topics.partitionsOf(topic));
      await producer.send(topic, partition, [message]);
    }
    await producer.send(deadLetterTopicOf(options, group), 0, [{ key: id, value: null }]);
  }

  async function topicNames(): Promise<string[]> {
    return await withAdmin(kafka, (admin) => admin.listTopics()).catch((cause: unknown) => {
      throw unreachable(options.brokers, cause);
    });
  }
}
