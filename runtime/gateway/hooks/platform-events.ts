import { type DomainEvent, EventBusError, type Transport } from '@plexica/event-bus';
import type { GatewayContext } from '../context.ts';
import { SetupError } from '../errors.ts';
import { ownTransport } from '../events/own-transport.ts';
import { type Cancel, systemClock } from '../instances/clock.ts';
import type { RequestNotes } from '../observability/request-notes.ts';
import { createHookDeliveries, type HookDeliveries } from './hook-deliveries.ts';
import { createRequestEvents, type RequestEvents } from './request-events.ts';

/** The gateway's own part in events: it delivers to legacy hooks, and publishes for the platform. */
export interface PlatformEvents {
  /**
   * Takes part as the deployment of now wants it; called at the start and after every reload. Where Kafka does not answer
   * it says so, and tries again by itself: requests are served without it.
   *
   * @throws SetupError for files that cannot be read, and where Kafka refuses
   */
  follow(): Promise<void>;
  noteRequest(notes: RequestNotes, status: number, durationMs: number): void;
  /**
   * Publishes core events of the platform; resolves once they are durable.
   *
   * @throws EventBusError `transport-unavailable`, `not-running`
   */
  publish(events: readonly DomainEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** How soon it asks Kafka again, in milliseconds. */
const RETRY = 5_000;

export function createPlatformEvents(
  context: Pick<GatewayContext, 'deployment' | 'instances' | 'contexts' | 'events' | 'metrics' | 'log'>,
): PlatformEvents {
  let running:
    | { readonly publisher: Transport; readonly hooks: HookDeliveries; readonly requests: RequestEvents }
    | undefined;
  let following: Promise<void> = Promise.resolve();
  let cancelRetry: Cancel = () => undefined;

  return {
    follow,
    noteRequest: (notes, status, durationMs) => running?.requests.note(notes, status, durationMs),
    async publish(events) {
      if (running === undefined) {
        throw new EventBusError('not-running', 'the gateway takes no part in events now');
      }
      await running.publisher.publish(events);
    },
    async close() {
      await following.catch(() => undefined);
      cancelRetry();
      await running?.hooks.stop();
      await running?.requests.close();
      await running?.publisher.stop();
      running = undefined;
    },
  };

  /** One after the other, and whatever became of the one before. */
  function follow(): Promise<void> {
    following = following.catch(() => undefined).then(takePart);
    return following;
  }

  async function takePart(): Promise<void> {
    cancelRetry();
    try {
      running ??= await begin();
      await running?.hooks.follow(context.deployment().table);
    } catch (error) {
      if (!(error instanceof EventBusError)) throw error;
      if (error.code === 'transport-refused') throw new SetupError(error.message, { cause: error });
      if (error.code !== 'transport-unavailable') throw error;
      context.log.warn({ reason: error.message }, 'hooks and events of the platform wait for Kafka');
      cancelRetry = systemClock.after(RETRY, () => {
        follow().catch((cause: unknown) => context.log.error({ err: cause }, 'hooks are not delivered'));
      });
    }
  }

  async function begin(): Promise<typeof running> {
    const make = await ownTransport(context);
    if (make === undefined) return undefined;
    const publisher = make();
    await publisher.start();
    const { deployment, metrics, log } = context;
    return {
      publisher,
      hooks: createHookDeliveries({ context, transport: make }),
      requests: createRequestEvents({ deployment, transport: publisher, metrics, log, clock: systemClock }),
    };
  }
}
