import { beforeAll, describe, expect, it } from 'vitest';
import { kafkaIsMissing, sharedKafka } from '../../../../test/support/kafka/shared-kafka.ts';
import type { DomainEvent } from '../../domain-event.ts';
import { createKafkaArchive } from './kafka-archive.ts';
import { createKafkaTransport } from './kafka-transport.ts';
import { kafkaOptionsFor } from './testing/kafka-options-for.ts';

it.each(['tail', 'deadLetters', 'replay'] as const)('says where it looked for Kafka: %s', async (what) => {
  const archive = createKafkaArchive(kafkaOptionsFor(['127.0.0.1:1']));
  const asked = {
    tail: () => archive.tail([], new AbortController().signal),
    deadLetters: () => archive.deadLetters(undefined),
    replay: () => archive.replay(['x']),
  }[what]();
  await expect(asked[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    name: 'EventBusError',
    code: 'transport-unavailable',
    message: expect.stringContaining('Kafka does not answer at 127.0.0.1:1 (check events.brokers'),
  });
});

describe.skipIf(kafkaIsMissing !== undefined)('createKafkaArchive', { timeout: 60_000 }, () => {
  let brokers: readonly string[];

  beforeAll(async () => {
    brokers = await sharedKafka();
  }, 120_000);

  it('shows the first events of publishers that had published nothing when it began to look', async () => {
    const options = kafkaOptionsFor(brokers);
    const transport = createKafkaTransport(options);
    await transport.start();
    const stop = new AbortController();
    const tail = createKafkaArchive(options).tail([], stop.signal)[Symbol.asyncIterator]();
    try {
      const first = tail.next();
      // When it has looked for the first time nobody can tell from outside.
      const publishing = setInterval(() => void transport.publish([event('1', 'plugin-a')]), 200);
      expect((await first.finally(() => clearInterval(publishing))).value?.id).toBe('1');
      await transport.publish([event('2', 'plugin-b')]);
      let { value } = await tail.next();
      while (value?.id === '1') ({ value } = await tail.next());
      expect(value?.id).toBe('2');

      const end = tail.next();
      stop.abort();
      expect((await end).done).toBe(true);
    } finally {
      stop.abort();
      await transport.stop();
    }
  });
});

function event(id: string, source: string): DomainEvent {
  const time = new Date().toISOString();
  return { id, name: 'a', source, time, tenantId: 'acme', correlationId: id, data: {} };
}
