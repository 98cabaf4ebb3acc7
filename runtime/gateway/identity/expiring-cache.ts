/** What is remembered until it expires, and at most so much of it: the longest unused goes first. */
export interface ExpiringCache<V> {
  get(key: string): V | undefined;
  /** @param expiresAt milliseconds since 1970 */
  set(key: string, value: V, expiresAt: number): void;
}

/** @param now milliseconds since 1970 */
export function createExpiringCache<V>(capacity: number, now: () => number): ExpiringCache<V> {
  /** In order of use. */
  const entries = new Map<string, { readonly value: V; readonly expiresAt: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      if (entry.expiresAt <= now()) return undefined;
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, expiresAt) {
      entries.delete(key);
      entries.set(key, { value, expiresAt });
      if (entries.size <= capacity) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        break;
      }
    },
  };
}
