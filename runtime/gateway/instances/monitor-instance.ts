import { checkInstance } from './check-instance.ts';
import type { Cancel, Clock } from './clock.ts';
import {
  type CheckOutcome,
  type HealthState,
  isUnsettled,
  NOT_YET_CHECKED,
  nextHealth,
  type Thresholds,
} from './health-state.ts';
import type { Instance } from './instance.ts';

/** Times in milliseconds. */
export interface MonitorSettings extends Thresholds {
  readonly interval: number;
  readonly timeout: number;
  /** A check that takes longer shows an impaired instance. */
  readonly slow: number;
}

export interface MonitorOptions {
  readonly instance: Instance;
  readonly healthPath: string;
  readonly settings: MonitorSettings;
  readonly clock: Clock;
  /** Called after every check whose outcome is another state than before. */
  readonly onChange: (from: HealthState, to: HealthState) => void;
}

export interface Monitor {
  readonly health: HealthState;
  readonly lastCheck: LastCheck | undefined;
  /** Checks soon, whatever the plan was: at once, unless one has just been made. */
  checkSoon(): void;
  /** Ends at once, and resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

export interface LastCheck {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly latencyMs: number;
}

/** An unsettled instance is checked this much more often than a settled one. */
const HASTE = 5;
/** Checks that traffic asks for are at least this far apart, in milliseconds. */
const SOONEST = 100;
/** Up to this part of a wait is left out at random, so that instances are not all checked together. */
const JITTER = 0.1;

/** Checks one instance, now and then for ever, at most `interval` after the last check. */
export function monitorInstance({
  instance,
  healthPath,
  settings,
  clock,
  onChange,
}: MonitorOptions): Monitor {
  const stopping = new AbortController();
  let health = NOT_YET_CHECKED;
  let lastCheck: LastCheck | undefined;
  let lastStart = Number.NEGATIVE_INFINITY;
  let cancelNext: Cancel | undefined;
  let running: Promise<void> | undefined;
  let askedMeanwhile = false;

  plan(0);

  return {
    get health() {
      return health;
    },
    get lastCheck() {
      return lastCheck;
    },
    checkSoon() {
      if (running !== undefined) askedMeanwhile = true;
      else plan(soonest());
    },
    async stop() {
      stopping.abort();
      cancelNext?.();
      await running;
    },
  };

  function plan(wait: number): void {
    if (stopping.signal.aborted) return;
    cancelNext?.();
    cancelNext = clock.after(wait, () => {
      running = check();
    });
  }

  async function check(): Promise<void> {
    askedMeanwhile = false;
    lastStart = clock.now();
    const outcome = await checkInstance({
      origin: instance.baseUrl.origin,
      path: `${instance.basePath}${healthPath}`,
      timeoutMs: settings.timeout,
      signal: stopping.signal,
    }).catch(calledOff);
    running = undefined;
    if (stopping.signal.aborted) return;

    const at = clock.now();
    const latencyMs = Math.round(at - lastStart);
    lastCheck = { at, latencyMs };
    const from = health;
    health = nextHealth(from, withPace(outcome, latencyMs, settings.slow), settings);
    plan(askedMeanwhile ? soonest() : untilNext());
    if (from.state !== health.state) onChange(from, health);
  }

  function soonest(): number {
    return Math.max(0, lastStart + SOONEST - clock.now());
  }

  function untilNext(): number {
    const wait = isUnsettled(health) ? settings.interval / HASTE : settings.interval;
    return wait * (1 - JITTER * clock.random());
  }
}

/** A check rejects only when it is stopped; its outcome is then of no interest. */
function calledOff(): CheckOutcome {
  return { kind: 'failed', reason: 'the check was called off', gone: false };
}

function withPace(outcome: CheckOutcome, latencyMs: number, slow: number): CheckOutcome {
  if (outcome.kind === 'failed' || latencyMs <= slow) return outcome;
  const pace = `its health check took ${latencyMs} ms, more than ${slow} ms`;
  return { kind: 'impaired', reason: outcome.kind === 'impaired' ? `${pace}; ${outcome.reason}` : pace };
}
