import type { Pool } from 'undici';
import type { CircuitConfig } from '../config/gateway-config.ts';
import type { Attempted } from './attempt.ts';
import type { Candidate } from './choose-instance.ts';
import { type Circuit, type CircuitState, createCircuit } from './circuit.ts';
import type { Cancel, Clock } from './clock.ts';
import { type HealthState, takesTraffic, withComplaint } from './health-state.ts';
import type { Instance, InstanceHealth } from './instance.ts';
import { type Monitor, type MonitorPlan, monitorInstance } from './monitor-instance.ts';
import { openPool } from './open-pool.ts';

/**
 * An instance of a fleet, with what is known of it. It is there because plexica.yaml names it, because it has registered,
 * or both; or only until another takes its place.
 */
export interface Member extends Attempted, Candidate {
  readonly instance: Instance;
  readonly monitor: Monitor;
  readonly circuit: Circuit;
  pending: number;
  configured: boolean;
  /** Ends its registration; undefined where it has none. */
  cancelExpiry: Cancel | undefined;
  /** Connections that end with the requests under way on them. */
  readonly closing: ReadonlySet<Pool>;
  /**
   * Closes connections on which nothing is under way. A process that can take no more of them would fail its health checks
   * for as long as idle ones are kept.
   */
  dropIdle(): void;
}

export interface MemberOptions {
  readonly id: string;
  readonly pluginId: string;
  /** In its one spelling. */
  readonly baseUrl: URL;
  readonly configured: boolean;
  readonly plan: MonitorPlan & { readonly circuit: CircuitConfig };
  readonly clock: Clock;
  readonly onHealth: (member: Member, from: HealthState, to: HealthState) => void;
  readonly onCircuit: (member: Member, from: CircuitState) => void;
}

/** Begins to check it. */
export function createMember(options: MemberOptions): Member {
  const { id, pluginId, baseUrl, configured, plan, clock, onHealth, onCircuit } = options;
  let kept = openPool(baseUrl.origin, 'kept');
  const closing = new Set<Pool>();
  const instance: Instance = {
    id,
    pluginId,
    baseUrl,
    basePath: baseUrl.pathname === '/' ? '' : baseUrl.pathname,
    get dispatcher() {
      return kept;
    },
    freshConnections: openPool(baseUrl.origin, 'fresh'),
  };
  const monitor = monitorInstance({
    instance,
    plan,
    clock,
    onChange: (from, to) => onHealth(member, from, to),
  });
  const circuit = createCircuit({
    settings: plan.circuit,
    clock,
    onChange: (from) => onCircuit(member, from),
  });
  const member: Member = {
    instance,
    monitor,
    circuit,
    configured,
    cancelExpiry: undefined,
    pending: 0,
    closing,
    dropIdle() {
      const before = kept;
      kept = openPool(baseUrl.origin, 'kept');
      closing.add(before);
      const gone = () => void closing.delete(before);
      before.close().then(gone, gone);
    },
    get degraded() {
      return monitor.health.state === 'DEGRADED';
    },
    get admits() {
      return circuit.admits;
    },
  };
  return member;
}

/** Whether plexica.yaml or a registration keeps it. */
export function isWanted({ configured, cancelExpiry }: Member): boolean {
  return configured || cancelExpiry !== undefined;
}

export function isChecked({ monitor }: Member): boolean {
  return monitor.lastCheck !== undefined;
}

/** Whether its checks and its circuit let requests through, be it one at a time. */
export function serves({ monitor, circuit }: Member): boolean {
  return takesTraffic(monitor.health.state) && circuit.state !== 'open';
}

export function poolsOf({ instance, closing }: Member): readonly Pool[] {
  return [instance.dispatcher, instance.freshConnections, ...closing];
}

export function reportOf({ instance, configured, monitor, circuit }: Member): InstanceHealth {
  const { lastCheck, versions } = monitor;
  const health = withCircuit(monitor.health, circuit);
  const { version, serviceVersions, notice } = versions;
  return {
    id: instance.id,
    state: health.state,
    ...(health.reason === undefined ? {} : { reason: health.reason }),
    circuit: circuit.state,
    source: configured ? 'configured' : 'registered',
    ...(lastCheck === undefined
      ? {}
      : { checkedAt: new Date(lastCheck.at).toISOString(), latencyMs: lastCheck.latencyMs }),
    ...(version === undefined ? {} : { version }),
    ...(serviceVersions === undefined ? {} : { serviceVersions }),
    ...(notice === undefined ? {} : { notice }),
  };
}

/** The checks and the circuit see different things; the worse of both holds. */
function withCircuit(health: HealthState, { state, reason }: Circuit): Pick<HealthState, 'state' | 'reason'> {
  if (!takesTraffic(health.state) || state === 'closed' || reason === undefined) return health;
  return state === 'open' ? { state: 'UNAVAILABLE', reason } : withComplaint(health, reason);
}
