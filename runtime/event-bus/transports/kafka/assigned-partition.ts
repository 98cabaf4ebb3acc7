import { createOffsetTracker, type OffsetTracker } from './offset-tracker.ts';

/** One partition while it is assigned to this replica, in one generation of its group. */
export interface AssignedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly tracker: OffsetTracker;
  /** What must be delivered next. */
  next: bigint;
  /** Where it was told to begin once more, because something else had come. */
  sought: bigint | undefined;
  committed: bigint | undefined;
  /** The generation is over: what is under way here is no longer this replica's to settle. */
  revoked: boolean;
}

export function assignPartition(topic: string, partition: number, start: bigint): AssignedPartition {
  return {
    topic,
    partition,
    tracker: createOffsetTracker(),
    next: start,
    sought: undefined,
    committed: undefined,
    revoked: false,
  };
}

/** What may be committed now, and was not yet. */
export function dueOf(place: AssignedPartition): bigint | undefined {
  const { position } = place.tracker;
  return position === place.committed ? undefined : position;
}

/**
 * Whether a batch may be delivered. One that begins behind what is next was perhaps fetched for a generation that is over:
 * kafkajs joins a new one while fetches are under way, where a partition has moved to another broker, and what lies between
 * would be lost. It is to be fetched from the right place then; what comes from there stands, for what lies between is no
 * longer kept.
 */
export function mayBegin(place: AssignedPartition, first: bigint): boolean {
  if (first > place.next && place.sought !== place.next) {
    place.sought = place.next;
    return false;
  }
  skipTo(place, first);
  return true;
}

/** Nothing before an offset is there to be delivered. */
export function skipTo(place: AssignedPartition, offset: bigint): void {
  if (offset > place.next) place.next = offset;
}
