import { connect } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { kafkaIsMissing, sharedKafka } from '../../../../test/support/kafka/shared-kafka.ts';
import { systemClock } from '../../clock.ts';
import { keepMember } from './keep-member.ts';
import { kafkaOptionsFor } from './testing/kafka-options-for.ts';
import { unreadyCoordinator } from './testing/unready-coordinator.ts';
import { withAdmin } from './with-admin.ts';

describe.skipIf(kafkaIsMissing !== undefined)('keepMember', { timeout: 60_000 }, () => {
  let brokers: readonly string[];

  beforeAll(async () => {
    brokers = await sharedKafka();
  }, 120_000);

  it('waits for a broker that has just started, and takes no members yet', async () => {
    const { server, port } = await unreadyCoordinator(brokers[0] ?? '', 2);
    onTestFinished(() => void server.close());
    const kafka = new Kafka({
      brokers: [...brokers],
      logLevel: logLevel.NOTHING,
      socketFactory: ({ onConnect }) => connect(port, '127.0.0.1', onConnect),
    });
    const { prefix } = kafkaOptionsFor(brokers);
    await withAdmin(kafka, (admin) => admin.createTopics({ topics: [{ topic: prefix }] }));
    const said: string[] = [];

    const member = await keepMember({
      ...{ kafka, groupId: prefix, topics: [prefix], sessionTimeout: 6_000, clock: systemClock },
      eachBatch: async () => undefined,
      joined: () => undefined,
      rebalancing: () => undefined,
      gone: () => undefined,
      onFailure: (error) => said.push(error.message),
      log: (_, text) => said.push(text),
    });
    await member.stop();

    expect(said).toEqual([
      expect.stringMatching(
        /^the group \S+ cannot be joined yet, and is tried again in \d+ ms: The coordinator is loading/,
      ),
      expect.stringContaining('cannot be joined yet'),
    ]);
  });
});
