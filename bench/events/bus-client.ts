import { type AnyEvents, createEventBus } from '@plexica/event-bus';
import {
  type Counted,
  countedEventOf,
  type EventRoute,
  eventsOf,
  PUBLISHER_IDS,
  SUBSCRIBER_ID,
  transportFor,
} from '../../test/support/event-plugins.ts';
import { type BenchEvent, type EventClient, publishSideBySide } from './event-client.ts';

const [PUBLISHER] = PUBLISHER_IDS;

/** `@plexica/event-bus`, with everything that a plugin gets: payload checks, lanes, retries, dead letters. */
export async function createBusClient(route: EventRoute, atOnce: number): Promise<EventClient> {
  const transport = transportFor(PUBLISHER, route);
  const publisher = createEventBus<AnyEvents>({ events: eventsOf(PUBLISHER), transport });
  const subscriber = createEventBus<AnyEvents>({
    events: eventsOf(SUBSCRIBER_ID),
    transport: transportFor(SUBSCRIBER_ID, route),
  });
  await publisher.start();
  const publish = async ({ tenant, ...data }: BenchEvent) => {
    await publisher.publish(countedEventOf(PUBLISHER), data, { served: { tenantId: tenant } });
  };
  return {
    publish,
    publishAll: (events) => publishSideBySide(events, atOnce, publish),
    async subscribe(handle) {
      for (const id of PUBLISHER_IDS) {
        subscriber.on(countedEventOf(id), ({ tenantId, data }) => {
          // The publisher is this process.
          handle({ tenant: tenantId, ...(data as Counted & Pick<BenchEvent, 'at'>) });
        });
      }
      await subscriber.start();
    },
    async stop() {
      await Promise.all([publisher.stop(), subscriber.stop()]);
    },
  };
}
