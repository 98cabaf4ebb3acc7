/**
 * A queue in which tenants take turns, and each tenant's own requests keep their order. When it is full, the tenant
 * with the longest line gives its last place to one that has a shorter line: nobody can fill it for all others.
 */
export interface FairQueue<T extends Queued> {
  readonly length: number;
  /** Adds one at the end of its tenant's line; returns who found no room, which may be the one that was added. */
  add(one: T, most: number): T | undefined;
  /** Takes out the first of the tenant whose turn it is. */
  next(): T | undefined;
  remove(one: T): void;
}

export interface Queued {
  /** Whose line it stands in. */
  readonly tenantId: string;
}

export function createFairQueue<T extends Queued>(): FairQueue<T> {
  /** By tenant; the tenant whose turn it is comes first. No line is empty. */
  const lines = new Map<string, Set<T>>();
  let length = 0;

  const queue: FairQueue<T> = {
    get length() {
      return length;
    },
    add(one, most) {
      let line = lines.get(one.tenantId);
      const dropped = length < most ? undefined : (lastOfLongest(line?.size ?? 0) ?? one);
      if (dropped === one) return one;
      if (dropped !== undefined) queue.remove(dropped);
      if (line === undefined) {
        line = new Set();
        lines.set(one.tenantId, line);
      }
      line.add(one);
      length += 1;
      return dropped;
    },
    next() {
      for (const [tenantId, line] of lines) {
        for (const first of line) {
          queue.remove(first);
          // To the end: the others come first now.
          if (lines.delete(tenantId)) lines.set(tenantId, line);
          return first;
        }
      }
      return undefined;
    },
    remove(one) {
      const line = lines.get(one.tenantId);
      if (line?.delete(one) !== true) return;
      length -= 1;
      if (line.size === 0) lines.delete(one.tenantId);
    },
  };
  return queue;

  /** The last of the longest line, where that is longer by more than one than a line of this size would become. */
  function lastOfLongest(size: number): T | undefined {
    let longest: Set<T> | undefined;
    for (const line of lines.values()) {
      if (line.size > (longest?.size ?? size + 1)) longest = line;
    }
    return longest === undefined ? undefined : [...longest].at(-1);
  }
}
