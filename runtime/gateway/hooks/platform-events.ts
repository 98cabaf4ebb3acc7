import { type DomainEvent, EventBusError, type Transport } from '@plexica/event-bus';
import type { GatewayContext } from '../context.ts';
import { systemClock } from '../instances/clock.ts';
import type { RequestNotes } from '../observability/request-notes.ts';
import { gatewayTransport } from './gateway-transport.ts';
import { createHookDeliveries, type HookDeliveries } from './hook-deliveries.ts';
import { createRequestEvents, type RequestEvents } from './request-events.ts';

/** The gateway's own part in events: it delivers to legacy hooks, and publishes for the platform. */
export interface PlatformEvents {
  /** Takes part as the deployment of now wants it; called at the start and after every reload. */
  follow(): Promise<void>;
  noteRequest(notes: RequestNotes, status: number, durationMs: number): void;
  /** Whether there is somewhere to publish to: not before the start, and not where nobody wants events. */
  readonly isRunning: boolean;
  /**
   * Publishes core events of the platform; resolves once they are durable.
   *
   * @throws EventBusError `transport-unavailable`, `not-running`
   */
  publish(events: readonly DomainEvent[]): Promise<void>;
  close(): Promise<void>;
}

export function createPlatformEvents(
  context: Pick<GatewayContext, 'deployment' | 'instances' | 'contexts' | 'events' | 'log'>,
): PlatformEvents {
  let running:
    | { readonly publisher: Transport; readonly hooks: HookDeliveries; readonly requests: RequestEvents }
    | undefined;
  let following: Promise<void> = Promise.resolve();

  return {
    follow() {
      following = following.then(async () => {
        running ??= await begin();
        await running?.hooks.follow(context.deployment().table);
      });
      return following;
    },
    noteRequest: (notes, status, durationMs) => running?.requests.note(notes, status, durationMs),
    get isRunning() {
      return running !== undefined;
    },
    async publish(events) {
      if (running === undefined) {
        throw new EventBusError('not-running', 'the gateway takes no part in events now');
      }
      await running.publisher.publish(events);
    },
    async close() {
      await following.catch(() => undefined);
      await running?.hooks.stop();
      await running?.requests.close();
      await running?.publisher.stop();
      running = undefined;
    },
  };

  async function begin(): Promise<typeof running> {
    const make = await gatewayTransport(context);
    if (make === undefined) return undefined;
    const publisher = make();
    await publisher.start();
    const { deployment, log } = context;
    return {
      publisher,
      hooks: createHookDeliveries({
        context,
        transport: make,
        publishersOf: (name) => deployment().events.publishersOf(name),
      }),
      requests: createRequestEvents({ deployment, transport: publisher, log, clock: systemClock }),
    };
  }
}
