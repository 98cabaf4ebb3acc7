import { allowedOrigins, type MayRegister } from '../api/registration/allowed-origins.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { PreparedPlugin, PreparedTable } from '../table/prepared-table.ts';
import type { FleetPlan } from './fleet.ts';
import { versionRules } from './plugin-version.ts';

/** What a table and a configuration say together about the instances of all plugins. */
export interface InstancesPlan {
  /** By plugin id; only of plugins with a backend. */
  readonly fleets: ReadonlyMap<string, FleetPlan>;
  /** By id: upstreams that no plugin uses, and why. */
  readonly unused: ReadonlyMap<string, string>;
  /** By plugin id, of all plugins. */
  readonly plugins: ReadonlyMap<string, Requirements>;
  readonly mayRegister: MayRegister;
  /** How long requests under way may go on when their plugin is gone, in milliseconds. */
  readonly drain: number;
  /** Milliseconds between two health checks. */
  readonly checkInterval: number;
}

export interface Requirements {
  /** Ids of the plugins that it cannot work without. */
  readonly requires: readonly string[];
  /** Whether it is UNAVAILABLE, and not only DEGRADED, while one of them is. */
  readonly failsWithRequired: boolean;
}

/** @throws SetupError for a pattern of `allowRegistration` that cannot be read */
export function planInstances(table: PreparedTable, config: GatewayConfig): InstancesPlan {
  const mayRegister = allowedOrigins(config);
  const rules = versionRules(table);
  const fleets = new Map<string, FleetPlan>();
  for (const { id, plugin } of table.plugins.values()) {
    const versions = rules.get(id);
    if (plugin.healthPath === null || versions === undefined) continue;
    fleets.set(id, {
      healthPath: plugin.healthPath,
      settings: config.health,
      versions,
      urls: config.upstreams.get(id)?.urls ?? [],
      circuit: config.circuit,
      retryBudget: config.retry.budget,
      mayRegister: (baseUrl) => mayRegister(id, baseUrl),
    });
  }
  return {
    fleets,
    unused: new Map(
      [...config.upstreams.keys()]
        .filter((id) => !fleets.has(id))
        .map((id) => [id, whyUnused(table.plugins.get(id))]),
    ),
    plugins: new Map([...table.plugins].map(([id, plugin]) => [id, requirementsOf(id, plugin, config)])),
    mayRegister,
    drain: config.drain,
    checkInterval: config.health.interval,
  };
}

function requirementsOf(id: string, { plugin }: PreparedPlugin, config: GatewayConfig): Requirements {
  const policy = config.upstreams.get(id)?.dependencyPolicy ?? config.dependencyPolicy;
  return { requires: plugin.requires, failsWithRequired: policy === 'fail' };
}

function whyUnused(prepared: PreparedPlugin | undefined): string {
  return prepared === undefined ? 'no such plugin is in the route table' : 'this plugin has no backend';
}
