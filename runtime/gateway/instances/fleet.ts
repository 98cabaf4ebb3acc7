import type { CircuitConfig } from '../config/gateway-config.ts';
import type { Attempt } from './attempt.ts';
import type { Instance, InstanceHealth } from './instance.ts';
import type { InstanceConnections } from './instance-connections.ts';
import type { MonitorPlan } from './monitor-instance.ts';

/** The instances of one plugin. */
export interface Fleet {
  choose(tried?: readonly Instance[]): Instance | undefined;
  /** Whether `choose` would find one. */
  isAvailable(): boolean;
  /** Begins a request at an instance that is not among those tried; undefined where there is none. */
  begin(tried?: readonly Instance[]): Attempt | undefined;
  /** Whether a request may be tried again; it is then paid for. */
  mayRetry(): boolean;
  /** Milliseconds until a circuit lets a request through; undefined where no circuit is in the way. */
  untilProbe(): number | undefined;
  report(): readonly InstanceHealth[];
  connections(): readonly InstanceConnections[];
  /** Whether every configured instance has been checked, now or at any time before. */
  isChecked(): boolean;
  /**
   * Goes on with another plan. An instance that it knows keeps everything; one that it no longer knows leaves when another
   * can take its place, or none is to be expected.
   *
   * @returns base URLs of the registrations that ended by it
   */
  follow(plan: FleetPlan): readonly URL[];
  /**
   * Adds an instance, or renews it, for `ttlMs`.
   *
   * @throws GatewayError `registration-forbidden` when there are too many
   */
  register(baseUrl: URL, ttlMs: number): Instance;
  /** Renews an instance; undefined where none has this base URL. */
  renew(baseUrl: URL, ttlMs: number): Instance | undefined;
  /** Ends registrations: all, or the one with this base URL. Instances that are configured stay. */
  deregister(baseUrl?: URL): Deregistered;
  /** Takes all instances out; resolves when what is under way on them has ended. */
  retire(): Promise<void>;
  stop(): Promise<void>;
}

export interface Deregistered {
  readonly removed: number;
  readonly kept: number;
  /** Base URLs of the registrations that ended. */
  readonly ended: readonly URL[];
}

/** What table and configuration say of a plugin's instances. */
export interface FleetPlan extends MonitorPlan {
  readonly urls: readonly URL[];
  readonly circuit: CircuitConfig;
  /** The share of requests that may be tried again. */
  readonly retryBudget: number;
  /** Whether a registered instance may be there. */
  mayRegister(baseUrl: URL): boolean;
}
