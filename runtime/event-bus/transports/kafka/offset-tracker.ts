/** Which messages of one partition are settled. What may be committed is the oldest that is not. */
export interface OffsetTracker {
  /** In the order of offsets, with the time of its publication in milliseconds since 1970. */
  add(offset: bigint, publishedAt: number): void;
  settle(offset: bigint): void;
  /** The offset to commit: where a consumer that takes over must begin. Undefined while nothing was added. */
  readonly position: bigint | undefined;
  /** When the oldest that is not settled was published; undefined where all are. */
  readonly oldest: number | undefined;
}

export function createOffsetTracker(): OffsetTracker {
  /** Unsettled, in order. */
  const open = new Map<bigint, number>();
  let next: bigint | undefined;
  return {
    add(offset, publishedAt) {
      open.set(offset, publishedAt);
      next = offset + 1n;
    },
    settle(offset) {
      open.delete(offset);
    },
    get position() {
      for (const offset of open.keys()) return offset;
      return next;
    },
    get oldest() {
      for (const publishedAt of open.values()) return publishedAt;
      return undefined;
    },
  };
}
