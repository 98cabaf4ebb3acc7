import type { FastifyBaseLogger } from 'fastify';
import type { ChangeableContext, Setup } from '../create-context.ts';
import { SetupError } from '../errors.ts';
import { describeError } from '../server/create-log.ts';
import { changeBetween, fingerprintOf } from './compare-setups.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { type ReloadOutcome, type SetupChange, wordsFor } from './reload-outcome.ts';
import { keepStartingSettings } from './starting-settings.ts';

export interface Reloader {
  /** Reads and serves anew, or leaves everything as it is. Never twice at once; never rejects. */
  reload(): Promise<ReloadOutcome>;
  /**
   * The first half of a reload: everything is read and made, and nothing is changed.
   *
   * @throws SetupError for what cannot be served
   */
  prepare(): Promise<PreparedReload>;
  /** When what is served now was taken up. */
  loadedAt(): Date;
  /** The last reload that ended. */
  last(): LastReload | undefined;
}

/** Another deployment, made and not yet served. */
export interface PreparedReload {
  readonly change: SetupChange;
  readonly fingerprint: string;
  /** Serves it from now on; requests under way end with what they began with. */
  serve(): void;
}

/** As plain JSON. */
export interface LastReload {
  readonly at: string;
  readonly outcome: ReloadOutcome['outcome'];
  /** Why it was refused. */
  readonly reason?: string;
}

export interface ReloaderOptions {
  readonly context: ChangeableContext;
  /** Reads configuration and table anew; a gateway that was given none keeps what it has. */
  readonly load: (() => Promise<Setup>) | undefined;
  readonly now: () => Date;
}

export function createReloader({ context, load, now }: ReloaderOptions): Reloader {
  const { log, metrics } = context;
  let loadedAt = now();
  let last: LastReload | undefined;

  return {
    prepare,
    reload: oneAtATime(async () => {
      const outcome = await reloadNow();
      tellReload(log, outcome);
      metrics.reloaded(outcome.outcome);
      last = lastReload(outcome, now());
      return outcome;
    }),
    loadedAt: () => loadedAt,
    last: () => last,
  };

  async function reloadNow(): Promise<ReloadOutcome> {
    try {
      const prepared = await prepare();
      prepared.serve();
      return { outcome: 'done', change: prepared.change };
    } catch (error) {
      return { outcome: 'refused', reason: whyRefused(error, log) };
    }
  }

  async function prepare(): Promise<PreparedReload> {
    if (load === undefined)
      throw new SetupError('this gateway was made without files that could be read anew');
    const read = await load();
    const present = context.deployment();
    const { config, waiting } = keepStartingSettings(present.config, read.config);
    const next: Setup = { config, table: read.table };
    const serve = await context.prepare(next);
    return {
      change: changeBetween(present, next, waiting),
      fingerprint: fingerprintOf(next),
      serve() {
        serve();
        log.level = config.log.level;
        loadedAt = now();
      },
    };
  }
}

/** What an operator is told; a bug of ours is told to the log alone. */
export function whyRefused(error: unknown, log: Pick<FastifyBaseLogger, 'error'>): string {
  if (error instanceof SetupError) return error.message;
  log.error({ error: describeError(error) }, 'a reload failed for a reason of our own');
  return 'the gateway failed; its log says why';
}

/** One line for the log, and one more for settings that wait. */
export function tellReload(
  log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>,
  outcome: ReloadOutcome,
): void {
  if (outcome.outcome === 'refused') {
    log.error({ reason: outcome.reason }, 'the reload was refused, and what was served before goes on');
    return;
  }
  const { waiting, ...change } = outcome.change;
  log.info(change, `reloaded: ${wordsFor(outcome.change)}`);
  if (waiting.length === 0) return;
  log.warn({ settings: waiting }, `these settings hold after a restart alone: ${waiting.join(', ')}`);
}

export function lastReload(outcome: ReloadOutcome, at: Date): LastReload {
  return {
    at: at.toISOString(),
    outcome: outcome.outcome,
    ...(outcome.outcome === 'refused' ? { reason: outcome.reason } : {}),
  };
}
