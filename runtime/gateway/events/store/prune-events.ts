import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './in-transaction.ts';
import type { createStatements } from './statements.ts';

export interface Pruned {
  readonly events: number;
  /** Groups that had not settled everything that was forgotten. */
  readonly behind: readonly string[];
  /** Whether more is to be forgotten: each time a little, so that nobody waits long for the file. */
  readonly more: boolean;
}

export interface PruningOptions {
  readonly database: DatabaseSync;
  readonly run: ReturnType<typeof createStatements>;
  readonly retention: number;
  readonly maxSize: number;
  readonly now: () => number;
}

/** How many events are forgotten at a time. Events are of any size, so that few of them may be enough. */
const OLD_STEP = 1_000;
const LARGE_STEP = 100;
/** How many free pages are given back to the file system at a time. */
const PAGES = 500;

/**
 * Events are forgotten from the oldest on, settled or not. Dead letters stay, and do not count: else they would drive out
 * everything new.
 */
export function createPruning({ database, run, retention, maxSize, now }: PruningOptions): () => Pruned {
  return () => {
    const old = run.lastOld.get({ most: OLD_STEP, before: now() - retention })?.seq;
    const upTo =
      typeof old === 'number' ? old : isTooMuch() ? run.lastOfOldest.get(LARGE_STEP)?.seq : undefined;
    if (typeof upTo !== 'number') return { events: 0, behind: [], more: false };
    const pruned = inTransaction(database, () => {
      const behind = run.behind.all(upTo).map(({ group }) => String(group));
      const events = Number(run.forgetEvents.run(upTo).changes);
      run.moveLanes.run({ upTo });
      run.forgetLanes.run(upTo);
      return { events, behind, more: true };
    });
    database.exec(`PRAGMA incremental_vacuum(${PAGES})`);
    return pruned;
  };

  /** Pages that are free take no more room than they will again. Those of letters take long to count. */
  function isTooMuch(): boolean {
    const used = Number(run.usedBytes.get()?.bytes);
    return used > maxSize && used - Number(run.letterBytes.get()?.bytes) > maxSize;
  }
}
