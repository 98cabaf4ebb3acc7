import { Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type KafkaCluster, startKafka } from '../../../../test/support/kafka/kafka-broker.ts';
import { kafkaIsMissing } from '../../../../test/support/kafka/shared-kafka.ts';
import { createEventBus } from '../../create-event-bus.ts';
import type { AnyEvents } from '../../event-map.ts';
import { mailEvents, PLACED, shopEvents } from '../../testing/contract-world.ts';
import type { KafkaOptions } from './kafka-options.ts';
import { topicOf } from './kafka-options.ts';
import { createKafkaTransport } from './kafka-transport.ts';
import { kafkaOptionsFor } from './testing/kafka-options-for.ts';

const TENANTS = ['acme', 'globex', 'initech', 'umbrella', 'hooli', 'stark'];
const PATIENTLY = { timeout: 90_000, interval: 100 };

describe.skipIf(kafkaIsMissing !== undefined)('brokers that are killed', { timeout: 240_000 }, () => {
  let cluster: KafkaCluster | undefined;

  afterEach(async () => {
    await cluster?.stop();
    cluster = undefined;
  });

  it('handles every accepted event when the only broker is killed under load', async () => {
    cluster = await startKafka();
    const traffic = await startTraffic(kafkaOptionsFor(cluster.brokers));
    await vi.waitFor(() => expect(traffic.handled.size).toBeGreaterThan(100), PATIENTLY);
    await cluster.kill(0);
    await cluster.start(0);
    const after = traffic.accepted.size;
    await vi.waitFor(() => expect(traffic.accepted.size).toBeGreaterThan(after + 100), PATIENTLY);
    await traffic.stopPublishing();

    await vi.waitFor(() => expect(missing(traffic)).toEqual([]), PATIENTLY);
    expect(traffic.outOfOrder()).toEqual([]);
  });

  it('handles every accepted event while the brokers of a cluster are killed one after the other', async () => {
    cluster = await startKafka({ size: 3 });
    const options = { ...kafkaOptionsFor(cluster.brokers), replicationFactor: 3 };
    const traffic = await startTraffic(options);
    await vi.waitFor(() => expect(traffic.handled.size).toBeGreaterThan(100), PATIENTLY);
    for (const index of [0, 1, 2]) {
      const before = traffic.handled.size;
      await cluster.kill(index);
      // It goes on with two of three.
      await vi.waitFor(() => expect(traffic.handled.size).toBeGreaterThan(before + 50), PATIENTLY);
      await cluster.start(index);
      await inSync(options);
    }
    await traffic.stopPublishing();

    await vi.waitFor(() => expect(missing(traffic)).toEqual([]), PATIENTLY);
    expect(traffic.outOfOrder()).toEqual([]);
  });
});

interface Traffic {
  /** `acme 17`: their publishers were told that they are kept. */
  readonly accepted: ReadonlySet<string>;
  /** In the order in which they were handled first. */
  readonly handled: ReadonlySet<string>;
  /** Firsts of a tenant that came behind a later one. */
  outOfOrder(): readonly string[];
  stopPublishing(): Promise<void>;
}

/** Publishes for all tenants, one after the other for each; what is refused is published again under the same id. */
async function startTraffic(options: KafkaOptions): Promise<Traffic> {
  const accepted = new Set<string>();
  const handled = new Set<string>();
  const mail = createEventBus<AnyEvents>({
    events: { ...mailEvents, subscribes: { [PLACED]: { publishers: ['plugin-shop'] } } },
    transport: createKafkaTransport({ ...options, sessionTimeout: 6_000 }),
    unregistered: 'ignore',
  });
  mail.on(PLACED, ({ tenantId, data }) => {
    handled.add(`${tenantId} ${(data as { n: number }).n}`); // published below
  });
  const shop = createEventBus<AnyEvents>({
    events: { ...shopEvents, subscribes: {} },
    transport: createKafkaTransport(options),
    unregistered: 'ignore',
  });
  await shop.start();
  await mail.start();
  onTestFinished(async () => {
    publishing = false;
    await Promise.all([mail.stop(0), shop.stop(0)]);
  });
  let publishing = true;
  const publishers = Promise.all(TENANTS.map(publishAll));

  return {
    accepted,
    handled,
    outOfOrder: () =>
      TENANTS.flatMap((tenantId) => {
        const numbers = [...handled]
          .filter((key) => key.startsWith(`${tenantId} `))
          .map((key) => Number(key.split(' ')[1]));
        return numbers.filter((n, index) => n < (numbers[index - 1] ?? 0)).map((n) => `${tenantId} ${n}`);
      }),
    async stopPublishing() {
      publishing = false;
      await publishers;
    },
  };

  async function publishAll(tenantId: string): Promise<void> {
    for (let n = 1; publishing; n += 1) {
      const id = `${tenantId}-${n}`;
      while (!accepted.has(`${tenantId} ${n}`)) {
        try {
          await shop.publish(PLACED, { n }, { served: { tenantId }, id });
          accepted.add(`${tenantId} ${n}`);
        } catch (error) {
          expect(error).toMatchObject({ code: 'transport-unavailable' });
        }
      }
    }
  }
}

function missing({ accepted, handled }: Traffic): string[] {
  return [...accepted].filter((key) => !handled.has(key));
}

/** Resolves once every partition has three replicas in sync again. */
async function inSync(options: KafkaOptions): Promise<void> {
  const admin = new Kafka({ brokers: [...options.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await vi.waitFor(async () => {
      const topic = topicOf(options, 'plugin-shop');
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic, '__consumer_offsets'] });
      const short = topics.flatMap(({ partitions }) => partitions.filter(({ isr }) => isr.length < 3));
      expect(short).toEqual([]);
    }, PATIENTLY);
  } finally {
    await admin.disconnect();
  }
}
