import type { InstanceHealth } from './instance.ts';

export type PluginState = 'HEALTHY' | 'DEGRADED' | 'UNAVAILABLE';

export interface PluginHealth {
  readonly state: PluginState;
  /** Why it is not HEALTHY, in words; empty when it is. */
  readonly reasons: readonly string[];
  readonly instances: readonly InstanceHealth[];
}

/** What the state of a plugin is made of. */
export interface PluginParts {
  /** Without a backend there is nothing that could fail. */
  readonly hasBackend: boolean;
  readonly instances: readonly InstanceHealth[];
  /** Ids of the plugins that it cannot work without. */
  readonly requires: readonly string[];
}

/** Longer lists of reasons end in "and more"; wide graphs of dependencies would multiply them. */
const MOST_REASONS = 10;

/**
 * The state of one plugin: of its own instances, made worse by plugins that it requires, and theirs. Every
 * plugin is looked at once, so that the walk ends in a cycle too.
 */
export function pluginHealth(
  pluginId: string,
  partsOf: (pluginId: string) => PluginParts | undefined,
  known: Map<string, PluginHealth> = new Map(),
): PluginHealth {
  const parts = partsOf(pluginId);
  if (parts === undefined) {
    return { state: 'UNAVAILABLE', reasons: ['it is not in the route table'], instances: [] };
  }
  const own = ownHealth(parts);
  known.set(pluginId, own);
  if (own.state === 'UNAVAILABLE') return own;

  const complaints = parts.requires.flatMap((id) => {
    const { state, reasons } = known.get(id) ?? pluginHealth(id, partsOf, known);
    if (state === 'HEALTHY') return [];
    return reasons.map((reason) => `${id} is ${state}: ${reason}`);
  });
  if (complaints.length === 0) return own;

  const health: PluginHealth = {
    state: 'DEGRADED',
    reasons: shorten([...own.reasons, ...complaints]),
    instances: own.instances,
  };
  known.set(pluginId, health);
  return health;
}

function ownHealth({ hasBackend, instances }: PluginParts): PluginHealth {
  if (!hasBackend) return { state: 'HEALTHY', reasons: [], instances };
  if (instances.length === 0) {
    return { state: 'UNAVAILABLE', reasons: ['no instance is configured or registered'], instances };
  }
  if (instances.some(({ state }) => state === 'HEALTHY')) return { state: 'HEALTHY', reasons: [], instances };
  const state = instances.some((instance) => instance.state === 'DEGRADED') ? 'DEGRADED' : 'UNAVAILABLE';
  return { state, reasons: shorten(reasonsOf(instances)), instances };
}

/** The reason alone where there is one instance; else with the instance's name before it. */
function reasonsOf(instances: readonly InstanceHealth[]): string[] {
  return instances.flatMap(({ id, reason }) => {
    if (reason === undefined) return [];
    return instances.length === 1 ? [reason] : [`${id}: ${reason}`];
  });
}

function shorten(reasons: readonly string[]): readonly string[] {
  return reasons.length <= MOST_REASONS ? reasons : [...reasons.slice(0, MOST_REASONS), 'and more'];
}
