import type { Pool } from 'undici';

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
  /** Its own connections, so that no instance can spoil those of another. */
  readonly dispatcher: Pool;
  /** Whether `plexica.yaml` names it; such an instance stays when its registration ends. */
  readonly configured: boolean;
}

/** What may be told about an instance: everything but its address. */
export interface InstanceHealth {
  readonly id: string;
  readonly state: InstanceState;
  /** Why it is not HEALTHY, in words. */
  readonly reason?: string;
  readonly source: 'configured' | 'registered';
  /** When it was last checked and how long that took; absent before the first check. */
  readonly checkedAt?: string;
  readonly latencyMs?: number;
}

/** What real traffic showed about an instance. */
export type TrafficOutcome =
  | { readonly kind: 'answered'; readonly status: number }
  /** No connection could be made, or it broke before an answer came. */
  | { readonly kind: 'connection-failed' }
  | { readonly kind: 'timed-out' };
