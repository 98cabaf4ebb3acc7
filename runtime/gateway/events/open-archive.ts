import { existsSync } from 'node:fs';
import type { EventArchive } from '@plexica/event-bus';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { SetupError } from '../errors.ts';
import { createEmbeddedArchive } from './embedded-archive.ts';
import { eventsFileOf } from './gateway-events.ts';
import { readTls } from './read-tls.ts';
import { openEventStore } from './store/open-event-store.ts';

export interface OpenArchive {
  readonly archive: EventArchive;
  close(): void;
}

/**
 * The events of a deployment for people: in the gateway's state folder, whether it runs or not, or at Kafka.
 *
 * @throws SetupError where no gateway has kept events yet
 */
export async function openArchive(config: GatewayConfig): Promise<OpenArchive> {
  const { transport, retention, maxSize } = config.events;
  if (transport.kind === 'kafka') {
    const { createKafkaArchive } = await import('@plexica/event-bus/kafka');
    const tls = await readTls(transport.tls);
    return { archive: createKafkaArchive({ ...transport, retention, tls }), close: () => undefined };
  }
  const file = eventsFileOf(config);
  if (!existsSync(file)) {
    throw new SetupError(
      `there are no events in ${file}: run this where gateway.state is, once the gateway has run with a plugin that ` +
        'publishes or subscribes',
    );
  }
  const store = openEventStore({ file, retention, maxSize, now: Date.now });
  return { archive: createEmbeddedArchive(store), close: () => store.close() };
}
