import type { FastifyBaseLogger } from 'fastify';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { GatewayError } from '../errors.ts';
import type { PreparedPlugin, PreparedTable } from '../table/prepared-table.ts';
import { type Clock, systemClock } from './clock.ts';
import { createFleet, type Fleet } from './fleet.ts';
import type { Instance, TrafficOutcome } from './instance.ts';
import { type PluginHealth, type PluginParts, pluginHealth } from './plugin-health.ts';

/** The instances of all plugins: where traffic may go, and how everybody is. */
export interface Instances {
  /** An instance that may get traffic now; undefined where there is none. Cheap: every request asks. */
  choose(pluginId: string): Instance | undefined;
  healthOf(pluginId: string): PluginHealth;
  /** Ids of the plugins of which a configured instance has not been checked yet. */
  unchecked(): readonly string[];
  /** Tells what traffic showed; a connection that failed has the instance checked soon. */
  observe(instance: Instance, outcome: TrafficOutcome): void;
  /**
   * Adds an instance, or renews it, for `HEARTBEAT.ttlMs`. Whoever calls this has checked the address.
   *
   * @throws GatewayError `registration-forbidden` when the plugin has too many instances or no backend,
   *   `shutting-down`
   */
  register(pluginId: string, baseUrl: URL): Instance;
  /** Renews a registered instance; false where no such instance is known, and it must register again. */
  heartbeat(pluginId: string, baseUrl: URL): boolean;
  /** Takes registered instances out: all of a plugin, or the one with this base URL. Configured ones stay. */
  deregister(pluginId: string, baseUrl?: URL): { readonly removed: number; readonly kept: number };
  /** Begins to check the configured instances. */
  start(): void;
  /** Goes on with another table and configuration: what both know keeps its state, its connections and its checks. */
  reconcile(next: Pick<InstancesOptions, 'table' | 'config'>): void;
  /** Ends all checks, and all connections with what is still under way on them. */
  stop(): Promise<void>;
}

export interface InstancesOptions {
  readonly table: PreparedTable;
  readonly config: GatewayConfig;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
  readonly clock?: Clock;
}

/** How often a registration should be renewed, and how long it holds, in milliseconds. */
export const HEARTBEAT = { intervalMs: 10_000, ttlMs: 30_000 } as const;

export function createInstances({ log, clock = systemClock, ...setup }: InstancesOptions): Instances {
  let { table, config } = setup;
  /** By plugin id; a plugin without a backend has none. */
  const fleets = new Map<string, Fleet>();
  makeFleets();
  let stopped = false;

  return {
    choose: (pluginId) => fleets.get(pluginId)?.choose(),
    healthOf: (pluginId) => pluginHealth(pluginId, (id) => partsOf(table.plugins.get(id), fleets.get(id))),
    unchecked: () => [...fleets].filter(([id, fleet]) => !isChecked(id, fleet)).map(([id]) => id),
    observe(instance, outcome) {
      if (outcome.kind === 'connection-failed') fleets.get(instance.pluginId)?.suspect(instance);
    },
    register(pluginId, baseUrl) {
      if (stopped) throw new GatewayError('shutting-down', 'the gateway is shutting down');
      const fleet = fleets.get(pluginId);
      if (fleet === undefined) {
        throw new GatewayError(
          'registration-forbidden',
          `${pluginId} declares no backend in its plugin.json`,
        );
      }
      return fleet.register(baseUrl, HEARTBEAT.ttlMs);
    },
    heartbeat: (pluginId, baseUrl) => fleets.get(pluginId)?.renew(baseUrl, HEARTBEAT.ttlMs) ?? false,
    deregister: (pluginId, baseUrl) => fleets.get(pluginId)?.deregister(baseUrl) ?? { removed: 0, kept: 0 },
    start: configureAll,
    reconcile(next) {
      ({ table, config } = next);
      makeFleets();
      configureAll();
    },
    async stop() {
      stopped = true;
      await Promise.all([...fleets.values()].map((fleet) => fleet.stop()));
    },
  };

  function makeFleets(): void {
    for (const { id, plugin } of table.plugins.values()) {
      if (plugin.healthPath === null || fleets.has(id)) continue;
      const options = { pluginId: id, healthPath: plugin.healthPath, settings: config.health, log, clock };
      fleets.set(id, createFleet(options));
    }
  }

  function configureAll(): void {
    for (const [pluginId, { urls }] of config.upstreams) {
      const fleet = fleets.get(pluginId);
      for (const url of urls) fleet?.configure(url);
      if (fleet !== undefined) continue;
      log.warn({ pluginId }, `upstreams.${pluginId} is not used: ${whyUnused(table.plugins.get(pluginId))}`);
    }
  }

  function isChecked(pluginId: string, fleet: Fleet): boolean {
    const configured = fleet.report().filter(({ source }) => source === 'configured');
    if (configured.length === 0) return (config.upstreams.get(pluginId)?.urls.length ?? 0) === 0;
    return configured.every(({ checkedAt }) => checkedAt !== undefined);
  }
}

function partsOf(prepared: PreparedPlugin | undefined, fleet: Fleet | undefined): PluginParts | undefined {
  if (prepared === undefined) return undefined;
  return {
    hasBackend: fleet !== undefined,
    instances: fleet?.report() ?? [],
    requires: prepared.plugin.requires,
  };
}

function whyUnused(prepared: PreparedPlugin | undefined): string {
  return prepared === undefined ? 'no such plugin is in the route table' : 'this plugin has no backend';
}
