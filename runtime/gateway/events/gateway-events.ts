import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Backlog } from '../observability/event-metrics.ts';
import type { EventContracts } from './event-contracts.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { openEventStore } from './store/open-event-store.ts';

/** Events in this process, where the gateway itself carries them: opened once there are any. */
export interface GatewayEvents {
  /** Undefined where events go through Kafka, and where no manifest speaks of events. */
  readonly hub: EventHub | undefined;
  /**
   * Opens what a deployment needs, and changes nothing else.
   *
   * @throws SetupError for a file that cannot be used
   */
  prepare(contracts: EventContracts): void;
  /** Ends streams whose plugin subscribes to something else now: it comes again, and learns what. */
  deploy(contracts: EventContracts): void;
  /** What the groups of a deployment have before them; nothing where events go through Kafka. */
  backlogs(contracts: EventContracts): readonly Backlog[];
  /** Ends all streams: their readers come again, to another gateway. */
  endStreams(): void;
  close(): Promise<void>;
}

/** So many events of a group are counted where somebody looks on. */
const MOST_COUNTED = 10_000;
/** In the state folder. */
const FILE = 'events.db';

/** Where the events of this gateway are kept. */
export function eventsFileOf({ stateFolder }: Pick<GatewayConfig, 'stateFolder'>): string {
  return join(stateFolder, FILE);
}

export function createGatewayEvents(config: GatewayConfig, log: FastifyBaseLogger): GatewayEvents {
  const { transport, retention, maxSize } = config.events;
  let hub: EventHub | undefined;
  return {
    get hub() {
      return hub;
    },
    prepare({ any }) {
      if (transport.kind !== 'embedded' || !any || hub !== undefined) return;
      // Not a clock that never goes back: all processes on the file must have the same one.
      const store = openEventStore({ file: eventsFileOf(config), retention, maxSize, now: Date.now });
      hub = createEventHub({ store, log });
    },
    deploy(contracts) {
      hub?.endStreams(({ group, names, wanted = names }) => !isSame(wanted, contracts.handledBy(group)));
    },
    backlogs(contracts) {
      if (hub === undefined || hub.closed) return [];
      const { store } = hub;
      const letters = store.deadLetterCounts();
      return contracts.groups.map((group) => ({
        group,
        ...store.lag(group, contracts.handledBy(group), MOST_COUNTED),
        deadLetters: letters.get(group) ?? 0,
      }));
    },
    endStreams: () => hub?.endStreams(() => true),
    close: async () => hub?.close(),
  };
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  const set = new Set(names);
  return set.size === new Set(others).size && others.every((name) => set.has(name));
}
