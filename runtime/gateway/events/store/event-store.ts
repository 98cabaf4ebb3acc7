import type { Pruned } from './prune-events.ts';

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

/** How long a lane is held without a sign of life, in milliseconds. */
export const LEASE = 10_000;
