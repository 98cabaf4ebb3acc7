import { createLogFlusher } from './flush-log.ts';
import { inTransaction } from './in-transaction.ts';
import { openDatabase } from './open-database.ts';
import { createPruning, type Pruned } from './prune-events.ts';
import { createStatements } from './statements.ts';

/** Events that outlive the gateway, and what each group has done of them. */
export interface EventStore {
  /**
   * Commits events, in order, all or none: they survive this process. One that is known (same source and id) is not kept
   * twice. They are not yet on the disk: see `flush`.
   *
   * @returns for each whether it is new
   */
  publish(events: readonly StoredEvent[]): readonly boolean[];
  /** Resolves once everything committed before is on the disk. */
  flush(): Promise<void>;
  /**
   * Takes lanes with something to do for a stream, at most so many, those first that have waited longest.
   *
   * @param names where the stream handles not everything that its group wants
   */
  claim(group: string, holder: string, most: number, names?: PartialNames): readonly Claim[];
  /** Messages of a lane behind a position, in order; each is read when it is asked for. */
  read(group: string, lane: Lane, names: readonly string[], range: Range): Iterable<StoredMessage>;
  /** Everything up to each of these messages of its lane is done, and the reader of the stream is alive. */
  settle(group: string, holder: string, seqs: readonly number[]): Settlement;
  /** Where the lanes stand that a stream holds. */
  held(holder: string): readonly HeldLane[];
  /** Notes that a lane has nothing left that its group wants. */
  finish(group: string, holder: string, lane: Lane, names: readonly string[]): void;
  /** Gives a lane back; whether something is left to do in it is seen at the next claim. */
  release(group: string, holder: string, lane: Lane, use: Use): void;
  /** Notes that a stream has begun. */
  openStream(group: string, holder: string): void;
  /** How long its reader has said nothing, in milliseconds; for ever where there is no such stream. */
  silence(holder: string): number;
  /** Notes that a stream has ended, and gives back everything that it holds. */
  closeStream(holder: string, use: Use): void;
  /** A stream ended, and its reader lived on: its lanes are free, and that they were not settled is not held against them. */
  forgive(group: string, holder: string): void;
  /** Holds what is held for another while. */
  renew(holder: string): void;
  /** False where there is no such event for that group, which handles these names. */
  keepDeadLetter(letter: NewDeadLetter, names: readonly string[]): boolean;
  /** Behind a letter, or from the first one. */
  deadLetters(
    group: string | undefined,
    after: LetterKey | undefined,
    most: number,
  ): readonly KeptDeadLetter[];
  /** Gives a dead letter to its group once more, behind everything else in its lane. False where there is none. */
  replay(letter: LetterKey): boolean;
  /** What was published behind a position, in order; for people who look on. */
  tail(after: number, most: number): readonly StoredMessage[];
  /** The position of the last event. */
  last(): number;
  /** How many letters are kept, by group. */
  deadLetterCounts(): ReadonlyMap<string, number>;
  /** @param most so many messages are counted, 100,000 unless stated */
  lag(group: string, names: readonly string[], most?: number): Lag;
  /** Forgets some of what is older or more than is kept. */
  prune(): Pruned;
  /** Changes when another process has written. */
  version(): number;
  close(): Promise<void>;
}

export interface StoredEvent {
  readonly id: string;
  readonly source: string;
  readonly name: string;
  readonly tenantId: string;
  /** The CloudEvent as JSON, on one line. */
  readonly body: string;
  /** The groups that it is for. */
  readonly groups: readonly string[];
}

export interface Settlement {
  /** Messages whose lanes were given to another holder since. */
  readonly lost: readonly number[];
  /** Whether the stream is still there. */
  readonly open: boolean;
}

export interface Lane {
  readonly tenant: string;
  readonly source: string;
}

export interface Claim extends Lane {
  /** Where to begin. */
  readonly settled: number;
  /** How often the lane was claimed before at this very place. */
  readonly redeliveries: number;
}

export interface PartialNames {
  /** By the group. */
  readonly wanted: readonly string[];
  /** By the stream. */
  readonly handled: readonly string[];
}

export interface HeldLane extends Lane {
  readonly settled: number;
  /** The last message that the lane has. */
  readonly latest: number;
}

export interface Range {
  readonly after: number;
  readonly upTo: number;
  readonly most: number;
}

/** Whether the holder was given messages, and may have died of them. */
export type Use = 'used' | 'unused';

export interface StoredMessage {
  readonly seq: number;
  readonly name: string;
  readonly body: string;
}

export interface Lag {
  /** Not settled by the group. */
  readonly messages: number;
  /** How long the oldest of them has waited. */
  readonly oldestMs: number;
}

export interface LetterKey {
  readonly seq: number;
  readonly group: string;
}

export interface NewDeadLetter extends LetterKey {
  readonly reason: string;
  readonly error: string;
  readonly attempts: number;
  /** RFC 3339 */
  readonly failedAt: string;
}

export interface KeptDeadLetter extends NewDeadLetter {
  /** The CloudEvent as JSON. */
  readonly body: string;
}

export interface EventStoreOptions {
  readonly file: string;
  /** In milliseconds. */
  readonly retention: number;
  /** In bytes. */
  readonly maxSize: number;
  /** Milliseconds since 1970, as every process on this file has them. */
  readonly now: () => number;
}

/** How long a lane is held without a sign of life, in milliseconds. */
export const LEASE = 10_000;
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
