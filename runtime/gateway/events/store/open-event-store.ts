import {
  type EventStore,
  type HeldLane,
  type KeptDeadLetter,
  type Lane,
  LEASE,
  type StoredEvent,
  type StoredMessage,
  type Use,
} from './event-store.ts';
import { createLogFlusher } from './flush-log.ts';
import { inTransaction } from './in-transaction.ts';
import { openDatabase } from './open-database.ts';
import { createPruning } from './prune-events.ts';
import { createStatements } from './statements.ts';

export interface EventStoreOptions {
  readonly file: string;
  /** In milliseconds. */
  readonly retention: number;
  /** In bytes. */
  readonly maxSize: number;
  /** Milliseconds since 1970, as every process on this file has them. */
  readonly now: () => number;
}

const MOST_COUNTED = 100_000;
/** After how long a stream is forgotten whose process ended without a word, in milliseconds. */
const FORGOTTEN = 3_600_000;

/** @throws SetupError for a file that cannot be used */
export function openEventStore({ file, retention, maxSize, now }: EventStoreOptions): EventStore {
  const database = openDatabase(file);
  const run = createStatements(database);
  const flusher = createLogFlusher(file);
  const pruning = createPruning({ database, run, retention, maxSize, now });

  return {
    publish: (events) =>
      inTransaction(database, () =>
        events.map(({ groups, ...event }) => keep({ ...event, audience: '' }, groups)),
      ),
    flush: flusher.flush,
    claim(group, holder, most, names) {
      const pending = (count: number) => {
        const asked = { group, now: now(), holder, most: count };
        if (names === undefined) return rows<LaneRow>(run.pendingLanes.all(asked));
        const wanted = JSON.stringify(names.wanted);
        const handled = JSON.stringify(names.handled);
        return rows<LaneRow>(run.pendingLanesFor.all({ ...asked, wanted, handled }));
      };
      // Mostly there is nothing, which needs no transaction.
      if (pending(1).length === 0) return [];
      return inTransaction(database, () =>
        pending(most).map(({ tenant, source, settled, head, head_claims }) => {
          const redeliveries = head === settled ? head_claims : 0;
          const until = now() + LEASE;
          run.hold.run({ holder, until, claims: redeliveries + 1, group, tenant, source });
          return { tenant, source, settled, redeliveries };
        }),
      );
    },
    read: (group, { tenant, source }, names, { after, upTo, most }) =>
      // As of all rows, the statement names the columns as the type does.
      run.readLane.iterate({
        tenant,
        source,
        after,
        upTo,
        group,
        names: JSON.stringify(names),
        most,
      }) as Iterable<unknown> as Iterable<StoredMessage>,
    settle: (group, holder, seqs) =>
      inTransaction(database, () => ({
        open: run.hear.run({ now: now(), holder, group }).changes > 0,
        lost: seqs.filter((seq) => run.settle.run({ seq, group, holder }).changes === 0),
      })),
    held: (holder) => rows<HeldLane>(run.held.all(holder)),
    finish: (group, holder, { tenant, source }, names) =>
      void run.finish.run({ group, tenant, source, holder, names: JSON.stringify(names) }),
    release: (group, holder, { tenant, source }, use) =>
      void run.release.run({ now: now(), uncounted: uncounted(use), group, tenant, source, holder }),
    openStream(group, holder) {
      run.forgetStreams.run(now() - FORGOTTEN);
      run.openStream.run({ holder, group, now: now() });
    },
    silence(holder) {
      const at = run.heardAt.get(holder)?.at;
      return typeof at === 'number' ? now() - at : Number.POSITIVE_INFINITY;
    },
    closeStream: (holder, use) =>
      inTransaction(database, () => {
        run.closeStream.run({ holder, group: null });
        run.releaseAll.run({ now: now(), uncounted: uncounted(use), holder });
      }),
    forgive: (group, holder) =>
      inTransaction(database, () => {
        run.closeStream.run({ holder, group });
        run.forgive.run({ now: now(), group, holder });
      }),
    renew: (holder) => void run.renew.run({ until: now() + LEASE, holder }),
    keepDeadLetter: ({ seq, group, reason, error, attempts, failedAt }, names) =>
      run.keepLetter.run({ seq, group, reason, error, attempts, failedAt, names: JSON.stringify(names) })
        .changes > 0,
    deadLetters(group, { seq: afterSeq, group: afterGroup } = { seq: 0, group: '' }, most) {
      const asked = { group: group ?? null, afterSeq, afterGroup, most };
      return rows<KeptDeadLetter>(run.letters.all(asked));
    },
    replay: ({ seq, group }) =>
      inTransaction(database, () => {
        const [letter] = rows<LetterRow>(run.takeLetter.all({ seq, group }));
        if (letter === undefined) return false;
        const { source, id, name, tenant: tenantId, body } = letter;
        run.removeReplay.run({ source, id, group });
        return keep({ source, id, name, tenantId, body, audience: group }, [group]);
      }),
    tail: (after, most) => rows<StoredMessage>(run.tail.all({ after, most })),
    last: () => numberOf(run.last.get()?.seq),
    deadLetterCounts: () =>
      new Map(run.countLetters.all().map(({ group, letters }) => [String(group), numberOf(letters)])),
    lag(group, names, most = MOST_COUNTED) {
      const asked = { group, names: JSON.stringify(names) };
      const oldest = run.oldestPending.get(asked)?.at;
      return {
        messages: numberOf(run.countPending.get({ ...asked, most })?.messages),
        oldestMs: typeof oldest === 'number' ? Math.max(0, now() - oldest) : 0,
      };
    },
    prune: pruning,
    version: () => numberOf(run.version.get()?.data_version),
    async close() {
      await flusher.close();
      database.close();
    },
  };

  function keep(event: KeptEvent, groups: readonly string[]): boolean {
    const { source, id, audience, name, tenantId: tenant, body } = event;
    const inserted = run.insert.run({ source, id, audience, name, tenant, now: now(), body });
    if (inserted.changes === 0) return false;
    const seq = inserted.lastInsertRowid;
    for (const group of groups) run.enterLane.run({ group, tenant, source, seq });
    return true;
  }
}

interface KeptEvent extends Omit<StoredEvent, 'groups'> {
  /** The one group that is given it again; empty for everybody. */
  readonly audience: string;
}

interface LaneRow extends Lane {
  readonly settled: number;
  readonly head: number;
  readonly head_claims: number;
}

interface LetterRow extends Lane {
  readonly id: string;
  readonly name: string;
  readonly body: string;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function uncounted(use: Use): number {
  return use === 'unused' ? 1 : 0;
}

/** SQLite's rows are records of columns; the statements beside this file name them as the type does. */
function rows<Row>(found: readonly unknown[]): readonly Row[] {
  return found as readonly Row[];
}
