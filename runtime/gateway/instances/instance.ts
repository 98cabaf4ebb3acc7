import type { Pool } from 'undici';
import type { CircuitState } from './circuit.ts';

/** UNKNOWN until the first check; only HEALTHY and DEGRADED instances get traffic. */
export type InstanceState = 'UNKNOWN' | 'HEALTHY' | 'DEGRADED' | 'UNAVAILABLE';

/** One running copy of a plugin. */
export interface Instance {
  /** Such as `plugin-crm-1`; never used twice, and says nothing about the address. */
  readonly id: string;
  readonly pluginId: string;
  /** Where it is. Not for answers and logs. */
  readonly baseUrl: URL;
  /** The path of its base URL without a slash at the end: `/crm`, or nothing. */
  readonly basePath: string;
  /** Its own connections, so that no instance can spoil those of another. Those of one moment: others may follow. */
  readonly dispatcher: Pool;
  /** Each serves a single request: for one that a kept connection failed under. */
  readonly freshConnections: Pool;
}

/** What may be told about an instance: everything but its address. */
export interface InstanceHealth {
  readonly id: string;
  /** By its checks and its circuit together: open, it is UNAVAILABLE, and half-open DEGRADED at best. */
  readonly state: InstanceState;
  /** Why it is not HEALTHY, in words. */
  readonly reason?: string;
  /** What real traffic makes of it. */
  readonly circuit: CircuitState;
  readonly source: 'configured' | 'registered';
  /** When it was last checked and how long that took; absent before the first check. */
  readonly checkedAt?: string;
  readonly latencyMs?: number;
  /** What it says that it runs, at `GET /info`; absent where it does not say. */
  readonly version?: string;
  readonly serviceVersions?: Readonly<Record<string, string>>;
  /** Worth knowing, and no harm: that it runs another version than the compiled one. */
  readonly notice?: string;
}

/** What real traffic showed about an instance. */
export type TrafficOutcome =
  | { readonly kind: 'answered'; readonly status: number }
  /** No connection could be made, or it broke before an answer came. */
  | { readonly kind: 'connection-failed' }
  /** An answer came that is not HTTP, or it broke off. */
  | { readonly kind: 'broken' }
  | { readonly kind: 'timed-out' };
