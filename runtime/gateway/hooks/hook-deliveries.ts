import {
  type AnyEvents,
  createEventBus,
  type EventBus,
  type Outcome,
  type PluginEvents,
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
}

/** How many hooks of one plugin may be under way. */
const CONCURRENCY = 8;
/** Messages of one plugin that are held here. */
const WINDOW = 200;

interface Delivering {
  readonly wish: string;
  readonly bus: EventBus<AnyEvents>;
  readonly stopping: AbortController;
}

/** A bus for each plugin with hooks, under a group of its own: `hooks:plugin-crm`. */
export function createHookDeliveries({ context, transport }: HookDeliveriesOptions): HookDeliveries {
  const deliveries = new Map<string, Delivering>();

  return {
    async follow(table) {
      const wanted = new Map(
        [...table.plugins.values()].flatMap(({ id, plugin: { hooks = [] } }) =>
          hooks.length === 0 ? [] : [[id, contractsOf(hooks)] as const],
        ),
      );
      for (const [pluginId, { wish }] of deliveries) {
        if (JSON.stringify(wanted.get(pluginId)) !== wish) await end(pluginId);
      }
      for (const [pluginId, subscribes] of wanted) {
        if (!deliveries.has(pluginId)) await begin(pluginId, subscribes);
      }
    },
    async stop() {
      await Promise.all([...deliveries.keys()].map(end));
    },
  };

  /** Who publishes an event is of the deployment, as its schema is: the event may be of another plugin after a reload. */
  function contractsOf(names: readonly string[]): PluginEvents['subscribes'] {
    const { events } = context.deployment();
    return Object.fromEntries(names.map((name) => [name, { publishers: events.publishersOf(name) }]));
  }

  async function begin(pluginId: string, subscribes: PluginEvents['subscribes']): Promise<void> {
    const stopping = new AbortController();
    const bus = createEventBus<AnyEvents>({
      events: { pluginId, publishes: {}, subscribes },
      group: hooksGroupOf(pluginId),
      transport: transport(),
      retry: context.deployment().config.events.retry,
      concurrency: CONCURRENCY,
      window: WINDOW,
      unregistered: 'ignore',
      violationOf,
      onOutcome: (outcome) => tell(pluginId, outcome),
      onFailure: (error) =>
        context.log.error({ plugin: pluginId, err: error }, 'hooks are no longer delivered'),
    });
    for (const name of Object.keys(subscribes)) {
      bus.on(name, (event) => deliverHook(context, pluginId, event, stopping.signal));
    }
    await bus.start();
    deliveries.set(pluginId, { wish: JSON.stringify(subscribes), bus, stopping });
  }

  /** Not all that comes was published through a gateway, and not all under the schemas of now. */
  function violationOf(name: string, data: unknown): string | undefined {
    // The check fills in defaults, and the hook is told what was published.
    const violations = context.deployment().events.check(name, structuredClone(data));
    return violations.length === 0
      ? undefined
      : violations.map(({ path, message }) => `${path === '' ? 'the payload' : path} ${message}`).join('; ');
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
