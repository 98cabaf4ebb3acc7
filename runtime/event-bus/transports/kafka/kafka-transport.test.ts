import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { kafkaIsMissing, sharedKafka } from '../../../../test/support/kafka/shared-kafka.ts';
import type { DomainEvent } from '../../domain-event.ts';
import type { Message, SubscribeOptions, Subscription, Transport } from '../transport.ts';
import { bindEvent } from './kafka-binding.ts';
import { deadLetterTopicOf, groupIdOf, type KafkaOptions, topicOf } from './kafka-options.ts';
import { createKafkaTransport } from './kafka-transport.ts';
import { kafkaOptionsFor } from './testing/kafka-options-for.ts';
import { withAdmin } from './with-admin.ts';

const PATIENTLY = { timeout: 20_000, interval: 25 };

describe.skipIf(kafkaIsMissing !== undefined)('createKafkaTransport', { timeout: 60_000 }, () => {
  let brokers: readonly string[];

  beforeAll(async () => {
    brokers = await sharedKafka();
  }, 120_000);

  it('makes its topics as it is told, and leaves those alone that are there', async () => {
    const { options, transport, kafka } = await start({ partitions: 3, retention: 86_400_000 });
    const made = topicOf(options, 'plugin-a');
    const present = topicOf(options, 'plugin-b');
    const letters = deadLetterTopicOf(options, 'hooks:plugin-c');
    await withAdmin(kafka, (admin) => admin.createTopics({ topics: [{ topic: present, numPartitions: 7 }] }));
    await transport.publish([event('1'), event('1', { source: 'plugin-b' })]);
    await transport.deadLetter({
      ...{ group: 'hooks:plugin-c', event: event('1'), raw: '', origin: 'here', reason: 'handler-failed' },
      ...{ error: 'no', attempts: 1, failedAt: new Date().toISOString() },
    });

    await withAdmin(kafka, async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [made, present, letters] });
      const counts = Object.fromEntries(topics.map(({ name, partitions }) => [name, partitions.length]));
      expect(counts).toEqual({ [made]: 3, [present]: 7, [letters]: 1 });
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [made, letters].map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
      });
      const [events, dead] = resources.map(({ configEntries }) =>
        Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
      );
      expect(events).toMatchObject({ 'retention.ms': '86400000', 'cleanup.policy': 'delete' });
      expect(dead).toMatchObject({ 'cleanup.policy': 'compact', 'max.message.bytes': String(16 << 20) });
    });
  });

  it('commits no further than the oldest message that is not settled', async () => {
    const { options, transport, kafka } = await start({ partitions: 1 });
    const { messages } = await subscribe(transport);
    await transport.publish([event('1'), event('2'), event('3')]);
    await vi.waitFor(() => expect(messages).toHaveLength(3), PATIENTLY);
    const committed = async () =>
      await withAdmin(kafka, async (admin) => {
        const topics = [topicOf(options, 'plugin-a')];
        const [found] = await admin.fetchOffsets({ groupId: groupIdOf(options, 'group'), topics });
        return found?.partitions[0]?.offset;
      });
    messages[0]?.settle();
    messages[2]?.settle();
    await vi.waitFor(async () => expect(await committed()).toBe('1'), PATIENTLY);
    messages[1]?.settle();

    await vi.waitFor(async () => expect(await committed()).toBe('3'), PATIENTLY);
  });

  it('holds no more messages than its window, and goes on as they are settled', async () => {
    const { transport } = await start();
    await transport.publish(
      Array.from({ length: 60 }, (_, n) => event(String(n), { tenantId: `t-${n % 7}` })),
    );
    const { messages, subscription } = await subscribe(transport, { window: 10 });
    await vi.waitFor(() => expect(messages).toHaveLength(10), PATIENTLY);
    // It holds what it has; that more does not come cannot be waited for, the lag shows that it is there.
    expect((await subscription.lag()).messages).toBe(60);
    expect(messages).toHaveLength(10);
    for (let settled = 0; settled < 60; settled += 1) {
      await vi.waitFor(() => expect(messages.length).toBeGreaterThan(settled), PATIENTLY);
      messages[settled]?.settle();
    }

    await vi.waitFor(async () => expect((await subscription.lag()).messages).toBe(0), PATIENTLY);
    expect(new Set(messages.map((message) => message.event?.id)).size).toBe(60);
  });

  it('gives all up when another replica comes, and delivers what was not settled again', async () => {
    const { transport, options } = await start({ partitions: 2 });
    const one = await subscribe(transport, { window: 4 });
    const tenants = ['acme', 'globex', 'initech', 'umbrella'];
    await transport.publish(tenants.map((tenantId, n) => event(String(n), { tenantId })));
    await vi.waitFor(() => expect(one.messages).toHaveLength(4), PATIENTLY);
    const other = createKafkaTransport({ ...options, sessionTimeout: 6_000 });
    onTestFinished(() => other.stop());
    await other.start();
    const two = await subscribe(other, { window: 4 });

    await vi.waitFor(
      () => expect(one.messages.slice(0, 4).some(({ isOurs }) => isOurs())).toBe(false),
      PATIENTLY,
    );
    // What belongs to the past frees no place, and commits nothing.
    for (const message of one.messages.slice(0, 4)) message.settle();
    const again = () => [...one.messages.slice(4), ...two.messages].map((message) => message.event?.tenantId);
    await vi.waitFor(() => expect(again().sort()).toEqual(tenants), PATIENTLY);
  });

  it('takes no event whose source is not that of its topic', async () => {
    const { transport, options, kafka } = await start();
    const { messages } = await subscribe(transport);
    const producer = kafka.producer();
    await producer.connect();
    const forged = bindEvent(event('1', { source: 'platform' }));
    await producer.send({ topic: topicOf(options, 'plugin-a'), messages: [forged] });
    await producer.disconnect();

    await vi.waitFor(() => expect(messages).toHaveLength(1), PATIENTLY);
    expect(messages[0]?.event).toBeUndefined();
    expect(messages[0]?.problem).toBe('its source is platform, and it stands in the topic of plugin-a');
    expect(messages[0]?.raw).toContain('/platform');
  });

  it('refuses an event that is too large, and takes those beside it', async () => {
    const { transport } = await start({ partitions: 1 });
    const large = event('large', { data: 'x'.repeat(2_000_000) });
    const results = await Promise.allSettled(
      [event('1'), large, event('2')].map((one) => transport.publish([one])),
    );
    const { messages } = await subscribe(transport);

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'transport-refused' } });
    await vi.waitFor(() => expect(messages.map((one) => one.event?.id)).toEqual(['1', '2']), PATIENTLY);
  });

  it('keeps a dead letter of an event that is as large as one may be', async () => {
    const { transport } = await start();
    const large = event('large', { data: '"'.repeat(400_000) });
    await transport.publish([large]);
    await transport.deadLetter({
      ...{ group: 'group', event: large, raw: JSON.stringify(bindEvent(large)), origin: 'here' },
      ...{ reason: 'handler-failed', error: 'no', attempts: 1, failedAt: new Date().toISOString() },
    });
  });

  it('says where it looked for Kafka', async () => {
    const transport = createKafkaTransport(kafkaOptionsFor(['127.0.0.1:1']));

    await expect(transport.start()).rejects.toMatchObject({
      code: 'transport-unavailable',
      message: expect.stringContaining('Kafka does not answer at 127.0.0.1:1 (check events.brokers'),
    });
  });

  async function start(
    own: Partial<KafkaOptions> = {},
  ): Promise<{ options: KafkaOptions; transport: Transport; kafka: Kafka }> {
    const options = { ...kafkaOptionsFor(brokers), ...own };
    const transport = createKafkaTransport({ ...options, sessionTimeout: 6_000 });
    onTestFinished(() => transport.stop());
    await transport.start();
    return { options, transport, kafka: new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }) };
  }

  async function subscribe(
    transport: Transport,
    own: Partial<SubscribeOptions> = {},
  ): Promise<{ messages: Message[]; subscription: Subscription }> {
    const messages: Message[] = [];
    const subscription = await transport.subscribe({
      group: 'group',
      names: ['a.happened'],
      sources: ['plugin-a'],
      window: 100,
      receive: (message) => messages.push(message),
      onFailure: () => undefined,
      ...own,
    });
    return { messages, subscription };
  }
});

function event(id: string, part: Partial<DomainEvent> = {}): DomainEvent {
  return {
    ...{ id, name: 'a.happened', source: 'plugin-a', time: new Date().toISOString() },
    ...{ tenantId: 'acme', correlationId: id, data: null },
    ...part,
  };
}
