import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  PASSWORDS,
  type SecureKafka,
  startSecureKafka,
} from '../../../../test/support/kafka/secure-kafka.ts';
import { kafkaIsMissing } from '../../../../test/support/kafka/shared-kafka.ts';
import { createEventBus } from '../../create-event-bus.ts';
import type { EventBus, EventBusOptions } from '../../event-bus.ts';
import type { AnyEvents } from '../../event-map.ts';
import { mailEvents, PLACED, shopEvents } from '../../testing/contract-world.ts';
import { groupIdOf, type KafkaOptions } from './kafka-options.ts';
import { createKafkaTransport } from './kafka-transport.ts';
import { kafkaOptionsFor } from './testing/kafka-options-for.ts';

const PATIENTLY = { timeout: 30_000, interval: 25 };

describe.skipIf(kafkaIsMissing !== undefined)('Kafka with TLS, names and rights', { timeout: 90_000 }, () => {
  let kafka: SecureKafka;
  const scram = { mechanism: 'scram-sha-512', username: 'plexica', password: PASSWORDS.scram } as const;

  beforeAll(async () => {
    kafka = await startSecureKafka();
  }, 120_000);

  afterAll(() => kafka?.stop());

  it.each([{ mechanism: 'plain', username: 'plexica', password: PASSWORDS.plain } as const, scram])(
    'carries events with SASL $mechanism over TLS',
    async (sasl) => {
      const options = { ...kafkaOptionsFor(kafka.brokers), tls: { ca: kafka.ca }, sasl };
      const { bus: mail, handled } = await startMail(options);
      const shop = makeBus(options, { events: { ...shopEvents, subscribes: {} } });
      await shop.start();
      await shop.publish(PLACED, { n: 1 }, { served: { tenantId: 'acme' } });

      await vi.waitFor(() => expect(handled).toEqual([{ n: 1 }]), PATIENTLY);
      expect(mail.state).toBe('running');
    },
  );

  it.each([
    ['a wrong password', { sasl: { ...scram, password: 'guessed' } }, 'transport-refused', /authentication/i],
    ['an unknown certificate', { tls: {} }, 'transport-unavailable', /self.signed certificate/],
    ['no TLS', { tls: undefined }, 'transport-unavailable', /TLS and SASL settings/],
  ])('does not start with %s, and says so without the password', async (_, changed, code, words) => {
    const options = { ...kafkaOptionsFor(kafka.brokers), tls: { ca: kafka.ca }, sasl: scram, ...changed };
    const bus = makeBus(options, { events: { ...shopEvents, subscribes: {} } });
    const failure: Error = await bus.start().then(
      () => expect.unreachable(),
      (error) => error,
    );

    expect(failure).toMatchObject({ code });
    expect(failure.message).toMatch(words);
    expect(failure.message).toContain(kafka.brokers[0]);
    expect(failure.message).not.toMatch(/guessed|secret/);
    expect(bus.state).toBe('stopped');
  });

  it('says so when its rights are taken away', async () => {
    const options = { ...kafkaOptionsFor(kafka.brokers), tls: { ca: kafka.ca }, sasl: scram };
    const failed = Promise.withResolvers<Error>();
    const { bus } = await startMail(options, { onFailure: failed.resolve });
    const admin = new Kafka({
      brokers: [...kafka.brokers],
      logLevel: logLevel.NOTHING,
      ssl: { ca: kafka.ca },
      sasl: { mechanism: 'plain', username: 'admin', password: PASSWORDS.admin },
    }).admin();
    await admin.connect();
    await admin.createAcls({
      acl: [
        {
          resourceType: AclResourceTypes.GROUP,
          resourceName: groupIdOf(options, 'plugin-mail'),
          resourcePatternType: ResourcePatternTypes.LITERAL,
          principal: 'User:plexica',
          host: '*',
          operation: AclOperationTypes.ALL,
          permissionType: AclPermissionTypes.DENY,
        },
      ],
    });
    await admin.disconnect();

    expect(await failed.promise).toMatchObject({ code: 'transport-refused' });
    expect((await failed.promise).message).toContain(groupIdOf(options, 'plugin-mail'));
    expect(bus.state).toBe('failed');
  });

  function makeBus(
    options: KafkaOptions,
    own: Pick<EventBusOptions, 'events' | 'onFailure'>,
  ): EventBus<AnyEvents> {
    const transport = createKafkaTransport({ ...options, sessionTimeout: 6_000 });
    const bus = createEventBus<AnyEvents>({ transport, unregistered: 'ignore', ...own });
    onTestFinished(() => bus.stop(0));
    return bus;
  }

  async function startMail(options: KafkaOptions, own: Pick<EventBusOptions, 'onFailure'> = {}) {
    const subscribes = { [PLACED]: { publishers: ['plugin-shop'] } };
    const bus = makeBus(options, { ...own, events: { ...mailEvents, subscribes } });
    const handled: unknown[] = [];
    bus.on(PLACED, ({ data }) => handled.push(data));
    await bus.start();
    return { bus, handled };
  }
});
