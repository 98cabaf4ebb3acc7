/** A plugin that another cannot work without, directly or through others. */
export interface Requirement {
  readonly pluginId: string;
  /** Through which plugins it is required; empty where directly. */
  readonly via: readonly string[];
}

/** Nearest first. Every plugin is visited once, so that the walk ends in a cycle too. */
export function requirementsOf(
  id: string,
  requires: (pluginId: string) => readonly string[],
): readonly Requirement[] {
  const found = new Map<string, Requirement>();
  const queue = [{ pluginId: id, path: [] as readonly string[] }];
  for (const { pluginId, path } of queue) {
    for (const required of requires(pluginId)) {
      if (required === id || found.has(required)) continue;
      found.set(required, { pluginId: required, via: path });
      queue.push({ pluginId: required, path: [...path, required] });
    }
  }
  return [...found.values()];
}
