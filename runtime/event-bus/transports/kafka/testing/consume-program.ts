/**
 * A replica of plugin-mail, as a process of its own: prints a line for each order that it has handled. Killed while it is at
 * work, it must not take anything with it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createEventBus } from '../../../create-event-bus.ts';
import type { AnyEvents } from '../../../event-map.ts';
import { mailEvents, PLACED } from '../../../testing/contract-world.ts';
import { createKafkaTransport } from '../kafka-transport.ts';

interface Settings {
  readonly brokers: readonly string[];
  readonly prefix: string;
  /** Each order takes so many milliseconds. */
  readonly takes: number;
  /** The number of an order whose handler never ends. */
  readonly hangsAt?: number;
}

const settings: Settings = JSON.parse(process.argv[2] ?? '');
const bus = createEventBus<AnyEvents>({
  events: { ...mailEvents, subscribes: { [PLACED]: { publishers: ['plugin-shop'] } } },
  transport: createKafkaTransport({
    ...{ clientId: 'replica', partitions: 4, replicationFactor: undefined, retention: 3_600_000 },
    ...{ tls: undefined, sasl: undefined, sessionTimeout: 6_000 },
    ...settings,
  }),
});
bus.on(PLACED, async ({ tenantId, data }) => {
  const { n } = data as { n: number }; // the test publishes no other
  if (n === settings.hangsAt) {
    console.log('hangs');
    await new Promise(() => {});
  }
  await sleep(settings.takes);
  console.log(`handled ${tenantId} ${n}`);
});
await bus.start();
console.log('started');
