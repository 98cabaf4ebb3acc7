import type { InstanceState } from './instance.ts';

/** What one check found. */
export type CheckOutcome =
  | { readonly kind: 'well' }
  /** It answers, but slowly, or says that a part of it is not well. */
  | { readonly kind: 'impaired'; readonly reason: string }
  /** `gone`: nothing listens there, which needs no second check. */
  | { readonly kind: 'failed'; readonly reason: string; readonly gone: boolean }
  /** It could not be asked, and that is not its fault. */
  | { readonly kind: 'not-asked'; readonly reason: string };

export interface HealthState {
  readonly state: InstanceState;
  readonly reason?: string;
  /** Good checks in a row since it fell, and failed checks in a row since it was good. */
  readonly rises: number;
  readonly falls: number;
  /** Whether it has ever been good: `rise` asks for patience after a fall, not at the start. */
  readonly proven: boolean;
}

export interface Thresholds {
  /** Good checks in a row that bring an instance back. */
  readonly rise: number;
  /** Failed checks in a row that take an instance out. */
  readonly fall: number;
}

export const NOT_YET_CHECKED: HealthState = {
  state: 'UNKNOWN',
  reason: 'not checked yet',
  rises: 0,
  falls: 0,
  proven: false,
};

/** The state after one more check. */
export function nextHealth(current: HealthState, outcome: CheckOutcome, thresholds: Thresholds): HealthState {
  switch (outcome.kind) {
    case 'failed':
      return afterFailure(current, outcome, thresholds);
    case 'not-asked':
      // What served a moment ago may go on over the connections that there are.
      return {
        ...current,
        state: takesTraffic(current.state) ? 'DEGRADED' : current.state,
        reason: outcome.reason,
      };
    default:
      return afterAnswer(current, outcome, thresholds);
  }
}

/** Whether the next check should come soon: it is out, or one more check may change what it is. */
export function isUnsettled({ state, falls }: HealthState): boolean {
  return state === 'UNKNOWN' || state === 'UNAVAILABLE' || falls > 0;
}

function afterFailure(
  current: HealthState,
  { reason, gone }: Extract<CheckOutcome, { kind: 'failed' }>,
  { fall }: Thresholds,
): HealthState {
  const falls = current.falls + 1;
  if (gone || falls >= fall || !takesTraffic(current.state)) {
    return { state: 'UNAVAILABLE', reason, rises: 0, falls, proven: current.proven };
  }
  return { ...current, falls };
}

function afterAnswer(
  current: HealthState,
  outcome: Extract<CheckOutcome, { kind: 'well' | 'impaired' }>,
  { rise }: Thresholds,
): HealthState {
  const rises = current.rises + 1;
  if (current.proven && current.state === 'UNAVAILABLE' && rises < rise) {
    const reason = `coming back: ${rises} of ${rise} good checks`;
    return { state: 'UNAVAILABLE', reason, rises, falls: 0, proven: true };
  }
  const settled = { rises: 0, falls: 0, proven: true };
  return outcome.kind === 'well'
    ? { state: 'HEALTHY', ...settled }
    : { state: 'DEGRADED', reason: outcome.reason, ...settled };
}

export function takesTraffic(state: InstanceState): boolean {
  return state === 'HEALTHY' || state === 'DEGRADED';
}

/** The state with a complaint that the checks do not know of: it makes an instance that takes traffic DEGRADED. */
export function withComplaint(health: HealthState, complaint: string | undefined): HealthState {
  if (complaint === undefined || !takesTraffic(health.state)) return health;
  const reason = health.reason === undefined ? complaint : `${health.reason}; ${complaint}`;
  return { ...health, state: 'DEGRADED', reason };
}
