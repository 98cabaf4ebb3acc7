import type { Pool } from 'undici';
import type { Instance } from './instance.ts';

/** The connections to one instance, as they are now. */
export interface InstanceConnections {
  readonly pluginId: string;
  readonly instanceId: string;
  /** With a request under way. */
  readonly busy: number;
  readonly idle: number;
}

/** @param closing connections that end with what is under way on them */
export function connectionsOf(
  { id, pluginId, dispatcher, freshConnections }: Instance,
  closing: Iterable<Pool>,
): InstanceConnections {
  const { connected, running } = dispatcher.stats;
  // A fresh one ends with its request, and is never idle.
  const fresh = freshConnections.stats.connected;
  const ending = [...closing].reduce((sum, pool) => sum + pool.stats.running, 0);
  return { pluginId, instanceId: id, busy: running + fresh + ending, idle: Math.max(0, connected - running) };
}
