import type { FastifyBaseLogger } from 'fastify';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { GatewayError } from '../errors.ts';
import type { PreparedTable } from '../table/prepared-table.ts';
import type { Attempt } from './attempt.ts';
import { type Cancel, type Clock, systemClock } from './clock.ts';
import { createFleet } from './create-fleet.ts';
import type { Deregistered, Fleet, FleetPlan } from './fleet.ts';
import type { Instance, InstanceHealth } from './instance.ts';
import type { InstanceConnections } from './instance-connections.ts';
import { planInstances } from './plan-instances.ts';
import type { Outage, PluginHealth, PluginParts } from './plugin-health.ts';
import { createPluginStates } from './plugin-states.ts';
import type {
  RegistrationChange,
  RegistrationExchange,
  RegistrationListener,
} from './registration-change.ts';

/** The instances of all plugins: where traffic may go, and how everybody is. */
export interface Instances extends RegistrationExchange {
  /** An instance that may get traffic now; undefined where there is none. Cheap: every request asks. */
  choose(pluginId: string, tried?: readonly Instance[]): Instance | undefined;
  /** Whether `choose` would find one. */
  isAvailable(pluginId: string): boolean;
  /** Begins a request at an instance that is not among those tried; undefined where there is none. */
  begin(pluginId: string, tried?: readonly Instance[]): Attempt | undefined;
  /** Whether a request may be tried again; it is then paid for. */
  mayRetry(pluginId: string): boolean;
  /** Milliseconds after which it is worth asking again for a plugin without an available instance. */
  retryAfter(pluginId: string): number;
  healthOf(pluginId: string): PluginHealth;
  /** Which of the plugins that it requires, directly or through others, cannot serve. Cheap: requests ask. */
  outagesOf(pluginId: string): readonly Outage[];
  /** Of all instances that are known, however they are. */
  connections(): readonly InstanceConnections[];
  /** Ids of the plugins of which a configured instance has not been checked yet. */
  unchecked(): readonly string[];
  /**
   * Adds an instance, or renews it, for `HEARTBEAT.ttlMs`. Whoever calls this has checked the address.
   *
   * @throws GatewayError `registration-forbidden` when the plugin has too many instances or no backend,
   *   `shutting-down`
   */
  register(pluginId: string, baseUrl: URL): Instance;
  /** Renews a registered instance; false where no such instance is known, and it must register again. */
  heartbeat(pluginId: string, baseUrl: URL): boolean;
  /** Ends registrations: all of a plugin, or the one with this base URL. Instances that are configured stay. */
  deregister(pluginId: string, baseUrl?: URL): { readonly removed: number; readonly kept: number };
  /** Begins to check the configured instances. */
  start(): void;
  /**
   * Goes on with another table and configuration: what both know keeps its state, its connections and its checks. An
   * instance that they no longer know ends what is under way on it, and leaves when another can take its place. That of a
   * plugin which is gone can be had for another `drain`, by requests that began before.
   */
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

const NONE: Deregistered = { removed: 0, kept: 0, ended: [] };

export function createInstances({ log, clock = systemClock, ...setup }: InstancesOptions): Instances {
  let plan = planInstances(setup.table, setup.config);
  /** By plugin id; a plugin without a backend has none. */
  const fleets = new Map<string, Fleet>();
  /** Of plugins that are gone, for requests that began before. */
  const lingering = new Map<string, { readonly fleet: Fleet; readonly cancel: Cancel }>();
  const retiring = new Set<Fleet>();
  const counts = new Map<string, number>();
  const listeners = new Set<RegistrationListener>();
  const states = createPluginStates(partsOf, reportOf);
  makeFleets();
  let stopped = false;

  return {
    choose: (pluginId, tried) => fleetFor(pluginId)?.choose(tried),
    isAvailable: (pluginId) => fleetFor(pluginId)?.isAvailable() ?? false,
    begin: (pluginId, tried) => fleetFor(pluginId)?.begin(tried),
    mayRetry: (pluginId) => fleetFor(pluginId)?.mayRetry() ?? false,
    retryAfter: (pluginId) => fleetFor(pluginId)?.untilProbe() ?? plan.checkInterval,
    healthOf: states.healthOf,
    outagesOf: states.outagesOf,
    connections: () => [...fleets.values()].flatMap((fleet) => fleet.connections()),
    unchecked: () => [...fleets].filter(([, fleet]) => !fleet.isChecked()).map(([id]) => id),
    register(pluginId, baseUrl) {
      if (stopped) throw new GatewayError('shutting-down', 'the gateway is shutting down');
      const fleet = fleets.get(pluginId);
      if (fleet === undefined) {
        throw new GatewayError(
          'registration-forbidden',
          `${pluginId} declares no backend in its plugin.json`,
        );
      }
      const instance = fleet.register(baseUrl, HEARTBEAT.ttlMs);
      tell('registered', pluginId, instance.baseUrl);
      return instance;
    },
    heartbeat(pluginId, baseUrl) {
      const instance = fleets.get(pluginId)?.renew(baseUrl, HEARTBEAT.ttlMs);
      if (instance !== undefined) tell('renewed', pluginId, instance.baseUrl);
      return instance !== undefined;
    },
    deregister(pluginId, baseUrl) {
      const { removed, kept, ended } = fleets.get(pluginId)?.deregister(baseUrl) ?? NONE;
      for (const url of ended) tell('removed', pluginId, url);
      return { removed, kept };
    },
    onRegistration(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    applyRegistration,
    start: followAll,
    reconcile(next) {
      plan = planInstances(next.table, next.config);
      makeFleets();
      for (const [id, fleet] of [...fleets]) {
        if (!plan.fleets.has(id)) linger(id, fleet);
      }
      followAll();
      states.changed();
    },
    async stop() {
      stopped = true;
      for (const { cancel } of lingering.values()) cancel();
      const all = [...fleets.values(), ...[...lingering.values()].map(({ fleet }) => fleet), ...retiring];
      await Promise.all(all.map((fleet) => fleet.stop()));
    },
  };

  function reportOf(pluginId: string): readonly InstanceHealth[] {
    return fleets.get(pluginId)?.report() ?? [];
  }

  function partsOf(pluginId: string): PluginParts | undefined {
    const plugin = plan.plugins.get(pluginId);
    const hasBackend = fleets.has(pluginId);
    return plugin && { ...plugin, hasBackend, instances: reportOf(pluginId) };
  }

  function fleetFor(pluginId: string): Fleet | undefined {
    return fleets.get(pluginId) ?? lingering.get(pluginId)?.fleet;
  }

  function makeFleets(): void {
    for (const [pluginId, own] of plan.fleets) {
      if (fleets.has(pluginId)) continue;
      const back = lingering.get(pluginId);
      back?.cancel();
      lingering.delete(pluginId);
      fleets.set(pluginId, back?.fleet ?? newFleet(pluginId, own));
    }
  }

  function newFleet(pluginId: string, own: FleetPlan): Fleet {
    return createFleet({
      pluginId,
      plan: own,
      nextId: () => nextIdOf(pluginId),
      onChange: states.changed,
      suffersFromOthers: () => states.outagesOf(pluginId).length > 0,
      log,
      clock,
    });
  }

  function followAll(): void {
    for (const [pluginId, own] of plan.fleets) {
      const ended = fleets.get(pluginId)?.follow(own) ?? [];
      for (const url of ended) tell('removed', pluginId, url);
    }
    for (const [pluginId, why] of plan.unused) {
      log.warn({ pluginId }, `upstreams.${pluginId} is not used: ${why}`);
    }
  }

  /** Requests under way have chosen an instance already, or will while they may go on. */
  function linger(pluginId: string, fleet: Fleet): void {
    fleets.delete(pluginId);
    const cancel = clock.after(plan.drain, () => {
      lingering.delete(pluginId);
      retiring.add(fleet);
      void fleet.retire().then(() => retiring.delete(fleet));
    });
    lingering.set(pluginId, { fleet, cancel });
  }

  function applyRegistration({ kind, pluginId, baseUrl }: RegistrationChange): boolean {
    const fleet = fleets.get(pluginId);
    const url = URL.parse(baseUrl);
    if (stopped || fleet === undefined || url === null) return false;
    if (kind === 'removed') {
      fleet.deregister(url);
      return true;
    }
    if (!plan.mayRegister(pluginId, url)) return false;
    if (kind === 'renewed' && fleet.renew(url, HEARTBEAT.ttlMs) !== undefined) return true;
    try {
      fleet.register(url, HEARTBEAT.ttlMs);
      return true;
    } catch (error) {
      if (error instanceof GatewayError) return false;
      throw error;
    }
  }

  function tell(kind: RegistrationChange['kind'], pluginId: string, { href }: URL): void {
    for (const listener of listeners) listener({ kind, pluginId, baseUrl: href });
  }

  function nextIdOf(pluginId: string): string {
    const count = (counts.get(pluginId) ?? 0) + 1;
    counts.set(pluginId, count);
    return `${pluginId}-${count}`;
  }
}
