import type { Instance } from './instance.ts';

/** The connections to one instance, as they are now. */
export interface InstanceConnections {
  readonly pluginId: string;
  readonly instanceId: string;
  /** With a request under way. */
  readonly busy: number;
  readonly idle: number;
}

export function connectionsOf({ id, pluginId, dispatcher, freshConnections }: Instance): InstanceConnections {
  const { connected, running } = dispatcher.stats;
  // A fresh one ends with its request, and is never idle.
  const fresh = freshConnections.stats.connected;
  return { pluginId, instanceId: id, busy: running + fresh, idle: Math.max(0, connected - running) };
}
