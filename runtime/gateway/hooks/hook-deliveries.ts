import {
  type AnyEvents,
  createEventBus,
  type EventBus,
  type Outcome,
  type Transport,
} from '@plexica/event-bus';
import type { GatewayContext } from '../context.ts';
import { hooksGroupOf } from '../events/event-contracts.ts';
import type { PreparedTable } from '../table/prepared-table.ts';
import { deliverHook } from './deliver-hook.ts';

/** The gateway as a subscriber for plugins with `backend.hooks`. */
export interface HookDeliveries {
  /** Delivers to the hooks of this table from now on. */
  follow(table: PreparedTable): Promise<void>;
  stop(): Promise<void>;
}

export interface HookDeliveriesOptions {
  readonly context: Pick<GatewayContext, 'deployment' | 'instances' | 'contexts' | 'metrics' | 'log'>;
  /** One for each group: a bus starts and stops its own. */
  readonly transport: () => Transport;
  /** Who publishes an event: the id of a plugin, or `platform`. */
  readonly publishersOf: (name: string) => readonly string[];
}

/** How many hooks of one plugin may be under way. */
const CONCURRENCY = 8;
/** Messages of one plugin that are held here. */
const WINDOW = 200;

interface Delivering {
  readonly names: string;
  readonly bus: EventBus<AnyEvents>;
  readonly stopping: AbortController;
}

/** A bus for each plugin with hooks, under a group of its own: `hooks:plugin-crm`. */
export function createHookDeliveries({
  context,
  transport,
  publishersOf,
}: HookDeliveriesOptions): HookDeliveries {
  const deliveries = new Map<string, Delivering>();

  return {
    async follow(table) {
      const wanted = new Map(
        [...table.plugins.values()].flatMap(({ id, plugin }) =>
          plugin.hooks === undefined || plugin.hooks.length === 0 ? [] : [[id, plugin.hooks] as const],
        ),
      );
      for (const [pluginId, { names }] of deliveries) {
        if (wanted.get(pluginId)?.join() !== names) await end(pluginId);
      }
      for (const [pluginId, names] of wanted) if (!deliveries.has(pluginId)) await begin(pluginId, names);
    },
    async stop() {
      await Promise.all([...deliveries.keys()].map(end));
    },
  };

  async function begin(pluginId: string, names: readonly string[]): Promise<void> {
    const stopping = new AbortController();
    const bus = createEventBus<AnyEvents>({
      events: {
        pluginId,
        publishes: {},
        subscribes: Object.fromEntries(names.map((name) => [name, { publishers: publishersOf(name) }])),
      },
      group: hooksGroupOf(pluginId),
      transport: transport(),
      retry: context.deployment().config.events.retry,
      concurrency: CONCURRENCY,
      window: WINDOW,
      unregistered: 'ignore',
      onOutcome: (outcome) => tell(pluginId, outcome),
      onFailure: (error) =>
        context.log.error({ plugin: pluginId, err: error }, 'hooks are no longer delivered'),
    });
    for (const name of names) {
      bus.on(name, (event) => deliverHook(context, pluginId, event, stopping.signal));
    }
    await bus.start();
    deliveries.set(pluginId, { names: names.join(), bus, stopping });
  }

  async function end(pluginId: string): Promise<void> {
    const delivering = deliveries.get(pluginId);
    deliveries.delete(pluginId);
    delivering?.stopping.abort();
    await delivering?.bus.stop(0);
  }

  function tell(plugin: string, outcome: Outcome): void {
    const group = hooksGroupOf(plugin);
    if (outcome.kind === 'handled') {
      context.metrics.eventsSettled(group, 1);
      return;
    }
    if (outcome.kind === 'failed') {
      context.metrics.eventFailed(group);
      const { event, attempt, error, retryInMs } = outcome;
      const line = {
        plugin,
        event: event.name,
        eventId: event.id,
        attempt,
        retryInMs,
        reason: wordsOf(error),
      };
      context.log.warn(line, 'a hook failed, and will be tried again');
      return;
    }
    const { event, reason, error, attempts } = outcome.letter;
    if (outcome.kind === 'dead-letter') {
      context.metrics.eventGivenUp(group, reason);
      context.metrics.eventsSettled(group, 1);
    }
    const line = { plugin, event: event?.name, eventId: event?.id, reason, error, attempts };
    context.log.error(
      line,
      outcome.kind === 'dead-letter'
        ? 'a hook was given up: the event is a dead letter'
        : 'a dead letter cannot be kept now',
    );
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
