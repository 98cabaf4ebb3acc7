/** A memory of what was handled, for handlers that must act once. It forgets the oldest first. */
export interface SeenIds {
  has(source: string, id: string): boolean;
  add(source: string, id: string): void;
}

export function createSeenIds(capacity: number): SeenIds {
  /** In order of arrival. */
  const keys = new Set<string>();
  const keyOf = (source: string, id: string) => `${source} ${id}`;
  return {
    has: (source, id) => keys.has(keyOf(source, id)),
    add(source, id) {
      keys.add(keyOf(source, id));
      if (keys.size <= capacity) return;
      for (const oldest of keys) {
        keys.delete(oldest);
        break;
      }
    },
  };
}
