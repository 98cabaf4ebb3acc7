import { checkInstance } from './check-instance.ts';
import type { Cancel, Clock } from './clock.ts';
import {
  type CheckOutcome,
  type HealthState,
  isUnsettled,
  NOT_YET_CHECKED,
  nextHealth,
  type Thresholds,
  takesTraffic,
  withComplaint,
} from './health-state.ts';
import type { Instance } from './instance.ts';
import {
  compareVersions,
  type RunningVersions,
  type VersionFinding,
  type VersionRules,
} from './plugin-version.ts';
import { readInfo } from './read-info.ts';

/** Times in milliseconds. */
export interface MonitorSettings extends Thresholds {
  readonly interval: number;
  readonly timeout: number;
  /** A check that takes longer shows an impaired instance. */
  readonly slow: number;
}

/** How an instance is checked; a reload may change it. */
export interface MonitorPlan {
  readonly healthPath: string;
  readonly settings: MonitorSettings;
  readonly versions: VersionRules;
}

export interface MonitorOptions {
  readonly instance: Instance;
  readonly plan: MonitorPlan;
  readonly clock: Clock;
  /** Called when its state, or the reason for it, is another than before. */
  readonly onChange: (from: HealthState, to: HealthState) => void;
}

export interface Monitor {
  readonly health: HealthState;
  readonly lastCheck: LastCheck | undefined;
  /** What it says that it runs, and how that fits; empty where it does not say. */
  readonly versions: VersionFinding;
  /** Checks soon, whatever the plan was: at once, unless one has just been made. */
  checkSoon(): void;
  /** Goes on with another plan; what is known stays. */
  follow(plan: MonitorPlan): void;
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
/** An instance that takes traffic is asked for its versions when it begins to, and after so many more checks. */
const CHECKS_PER_INFO = 12;

/** Checks one instance, now and then for ever, at most `interval` after the last check. */
export function monitorInstance({ instance, clock, onChange, ...given }: MonitorOptions): Monitor {
  const stopping = new AbortController();
  let { plan } = given;
  /** As the checks say, and as it is with what its versions add. */
  let checked = NOT_YET_CHECKED;
  let health = NOT_YET_CHECKED;
  let lastCheck: LastCheck | undefined;
  let lastStart = Number.NEGATIVE_INFINITY;
  let cancelNext: Cancel | undefined;
  let checking: Promise<void> | undefined;
  let askedMeanwhile = false;
  let running: RunningVersions | undefined;
  let versions: VersionFinding = {};
  let informing: Promise<void> | undefined;
  let checksToInfo = 0;

  checkIn(0);

  return {
    get health() {
      return health;
    },
    get lastCheck() {
      return lastCheck;
    },
    get versions() {
      return versions;
    },
    checkSoon() {
      if (checking !== undefined) askedMeanwhile = true;
      else checkIn(soonest());
    },
    follow(next) {
      const before = plan;
      plan = next;
      settle();
      if (checking !== undefined) askedMeanwhile ||= before.healthPath !== next.healthPath;
      else if (before.healthPath !== next.healthPath) checkIn(soonest());
      else if (before.settings.interval !== next.settings.interval) {
        checkIn(Math.max(soonest(), lastStart + untilNext() - clock.now()));
      }
    },
    async stop() {
      stopping.abort();
      cancelNext?.();
      await Promise.all([checking, informing]);
    },
  };

  function checkIn(wait: number): void {
    if (stopping.signal.aborted) return;
    cancelNext?.();
    cancelNext = clock.after(wait, () => {
      checking = check();
    });
  }

  async function check(): Promise<void> {
    const { healthPath, settings } = plan;
    askedMeanwhile = false;
    lastStart = clock.now();
    const outcome = await checkInstance({
      origin: instance.baseUrl.origin,
      path: `${instance.basePath}${healthPath}`,
      timeoutMs: settings.timeout,
      signal: stopping.signal,
    }).catch(calledOff);
    checking = undefined;
    if (stopping.signal.aborted) return;

    const latencyMs = Math.round(clock.now() - lastStart);
    lastCheck = { at: clock.timeOfDay(), latencyMs };
    checked = nextHealth(checked, withPace(outcome, latencyMs, settings.slow), settings);
    checkIn(askedMeanwhile ? soonest() : untilNext());
    if (!takesTraffic(checked.state)) {
      // What comes back may be another version.
      running = undefined;
      checksToInfo = 0;
    } else if (outcome.kind === 'well' || outcome.kind === 'impaired') {
      informing ??= checksToInfo === 0 ? inform() : undefined;
      checksToInfo = (checksToInfo + CHECKS_PER_INFO - 1) % CHECKS_PER_INFO;
    }
    settle();
  }

  async function inform(): Promise<void> {
    try {
      const told = await readInfo(instance, plan.settings.timeout, stopping.signal);
      if (takesTraffic(checked.state)) running = told;
    } catch {
      // Whether it answers is for the checks to judge; what it said before still holds.
    }
    informing = undefined;
    if (!stopping.signal.aborted) settle();
  }

  function settle(): void {
    versions = compareVersions(running, plan.versions);
    const from = health;
    health = withComplaint(checked, versions.complaint);
    if (from.state !== health.state || from.reason !== health.reason) onChange(from, health);
  }

  function soonest(): number {
    return Math.max(0, lastStart + SOONEST - clock.now());
  }

  function untilNext(): number {
    const { interval } = plan.settings;
    const wait = isUnsettled(checked) ? interval / HASTE : interval;
    return wait * (1 - JITTER * clock.random());
  }
}

/** A check rejects only when it is stopped; its outcome is then of no interest. */
function calledOff(): CheckOutcome {
  return { kind: 'failed', reason: 'the check was called off', gone: false };
}

function withPace(outcome: CheckOutcome, latencyMs: number, slow: number): CheckOutcome {
  if (outcome.kind === 'failed' || outcome.kind === 'not-asked' || latencyMs <= slow) return outcome;
  const pace = `its health check took ${latencyMs} ms, more than ${slow} ms`;
  return { kind: 'impaired', reason: outcome.kind === 'impaired' ? `${pace}; ${outcome.reason}` : pace };
}
