import type { FastifyBaseLogger } from 'fastify';
import type { Setup } from '../create-context.ts';
import type { Clock } from '../instances/clock.ts';
import type { RegistrationStore } from '../instances/registration-store.ts';
import { gatewayVersion } from '../observability/build-info.ts';
import { mergeSnapshots } from '../observability/merge-snapshots.ts';
import { fingerprintOf } from '../operations/compare-setups.ts';
import type { GatewayStatus } from '../operations/gateway-status.ts';
import { oneAtATime } from '../operations/one-at-a-time.ts';
import type { Operations } from '../operations/operations.ts';
import type { ReloadOutcome } from '../operations/reload-outcome.ts';
import { type LastReload, lastReload, tellReload, whyRefused } from '../operations/reloader.ts';
import type { PrepareOutcome, WorkerReport } from './calls.ts';
import type { PooledWorker, WorkerPool } from './worker-pool.ts';

export interface WorkersOperations extends Operations {
  /** What the workers serve, to compare with what one serves that has just begun. */
  fingerprint(): string;
  /** How long requests under way may go on at the end, in milliseconds: as the workers have it. */
  drain(): number;
}

export interface WorkersOperationsOptions {
  readonly pool: Pick<WorkerPool, 'serving' | 'replaced'>;
  /** As it was started. */
  readonly setup: Setup;
  /** Reads configuration and table anew. */
  readonly read: () => Promise<Setup>;
  readonly registrations: Pick<RegistrationStore, 'current'>;
  readonly log: FastifyBaseLogger;
  readonly clock: Clock;
}

/** How long a worker may take, in milliseconds. */
const LIMITS = { prepare: 60_000, report: 2_000 } as const;

/** The operations of a gateway of several workers, carried out by the process that started them. */
export function operateWorkers(options: WorkersOperationsOptions): WorkersOperations {
  const { pool, setup, read, registrations, log, clock } = options;
  const { workers, rateLimits } = setup.config;
  const version = gatewayVersion();
  let fingerprint = fingerprintOf(setup);
  let { drain } = setup.config;
  let loadedAt = new Date();
  let last: LastReload | undefined;

  return {
    fingerprint: () => fingerprint,
    drain: () => drain,
    reload: oneAtATime(async () => {
      const outcome = await reloadAll();
      if (outcome.outcome === 'done') loadedAt = new Date();
      last = lastReload(outcome, new Date());
      tellReload(log, outcome);
      const [first] = pool.serving();
      await first?.peer.call('countReload', outcome).catch(() => undefined);
      return outcome;
    }),
    status: async () => statusOf(await reports()),
    metrics: async () => mergeSnapshots((await reports()).map(({ metrics }) => metrics)),
  };

  /** All or none: nobody serves anything else before everybody has made it. */
  async function reloadAll(): Promise<ReloadOutcome> {
    let next: Setup;
    try {
      next = await read();
    } catch (error) {
      return { outcome: 'refused', reason: whyRefused(error, log) };
    }
    const serving = pool.serving();
    const outcomes = await Promise.all(serving.map(prepare));
    const problem = problemOf(outcomes);
    const end = { serve: problem === undefined };
    await Promise.all(serving.map(({ peer }) => peer.call('endReload', end).catch(() => undefined)));
    const [first] = outcomes;
    if (problem !== undefined || first?.ok !== true) {
      return { outcome: 'refused', reason: problem ?? 'no worker serves at the moment' };
    }
    fingerprint = first.fingerprint;
    drain = next.config.drain;
    log.level = next.config.log.level;
    return { outcome: 'done', change: first.change };
  }

  async function prepare({ number, peer }: PooledWorker): Promise<PrepareOutcome> {
    try {
      return await within(LIMITS.prepare, peer.call('prepareReload'));
    } catch (error) {
      return {
        ok: false,
        reason: `worker ${number}: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
  }

  /** Of those that can tell: one that has just died cannot. */
  async function reports(): Promise<readonly WorkerReport[]> {
    const asked = pool.serving().map(({ peer }) => within(LIMITS.report, peer.call('report')));
    const settled = await Promise.allSettled(asked);
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  function statusOf(told: readonly WorkerReport[]): GatewayStatus {
    const [first] = told;
    if (first === undefined) throw new Error('no worker serves at the moment');
    return {
      version,
      pid: process.pid,
      uptimeSeconds: Math.round(process.uptime()),
      loadedAt: loadedAt.toISOString(),
      lastReload: last ?? null,
      table: first.table,
      keys: first.keys,
      rateLimits: { store: rateLimits.redis === undefined ? 'primary' : 'redis' },
      registrations: registrations.current().length,
      workers: { wanted: workers, serving: pool.serving().length, replaced: pool.replaced() },
      processes: told.map((report) => report.process),
    };
  }

  async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const cancel = clock.after(ms, () => late.reject(new Error(`it has not answered for ${ms / 1000} s`)));
    return Promise.race([promise, late.promise]).finally(cancel);
  }
}

/** Why the workers cannot all serve the same; undefined where they can. */
function problemOf(outcomes: readonly PrepareOutcome[]): string | undefined {
  const refusals = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.reason]));
  if (refusals.length > 0) return [...new Set(refusals)].join('; ');
  const fingerprints = new Set(outcomes.map((outcome) => (outcome.ok ? outcome.fingerprint : '')));
  return fingerprints.size > 1
    ? 'plexica.yaml or the route table was changed while the workers read it; reload once it is in place'
    : undefined;
}
