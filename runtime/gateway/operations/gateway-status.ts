import type { InstanceHealth } from '../instances/instance.ts';
import type { PluginState } from '../instances/plugin-health.ts';
import type { LastReload } from './reloader.ts';

/** Everything that an operator may want to know at once, as plain JSON: no address, no secret. */
export interface GatewayStatus {
  readonly version: string;
  /** Of the process that signals go to. */
  readonly pid: number;
  readonly uptimeSeconds: number;
  /** Since when the present table and settings are served. */
  readonly loadedAt: string;
  readonly lastReload: LastReload | null;
  readonly table: ServedTable;
  readonly keys: KeyIds;
  readonly rateLimits: { readonly store: RateLimitPlace };
  /** Registered instances. */
  readonly registrations: number;
  readonly workers: {
    readonly wanted: number;
    readonly serving: number;
    /** How many died and got a successor. */
    readonly replaced: number;
  };
  /** Those that serve; each has its own view of the plugins. */
  readonly processes: readonly ProcessStatus[];
}

export interface ProcessStatus {
  /** Its number; absent for a gateway of one process. */
  readonly worker?: number;
  readonly pid: number;
  readonly uptimeSeconds: number;
  readonly memory: {
    readonly rssBytes: number;
    readonly heapUsedBytes: number;
    readonly heapTotalBytes: number;
    readonly externalBytes: number;
  };
  readonly plugins: readonly PluginStatus[];
}

export interface PluginStatus {
  readonly id: string;
  readonly version: string;
  readonly state: PluginState;
  readonly reasons: readonly string[];
  readonly instances: readonly InstanceHealth[];
  /** Requests that have a place at it, and those that wait for one. */
  readonly inFlight: number;
  readonly waiting: number;
}

export interface ServedTable {
  readonly digest: string;
  readonly plugins: number;
  readonly routes: number;
}

/** Names of keys, never keys. */
export interface KeyIds {
  readonly signing: string;
  readonly accepted: readonly string[];
}

/** Who counts requests: this process, the primary process for all workers, or Redis for all gateways. */
export type RateLimitPlace = 'memory' | 'primary' | 'redis';
