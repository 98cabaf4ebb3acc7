import { type Requirement, requirementsOf } from '../table/requirements.ts';
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
  /** Whether it is UNAVAILABLE, and not only DEGRADED, while one of them is. */
  readonly failsWithRequired: boolean;
}

/** A required plugin of which no instance can serve, and why. */
export interface Outage extends Requirement {
  readonly reasons: readonly string[];
}

const NOT_IN_TABLE: PluginHealth = {
  state: 'UNAVAILABLE',
  reasons: ['it is not in the route table'],
  instances: [],
};
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
  if (parts === undefined) return NOT_IN_TABLE;
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
    state: parts.failsWithRequired && outagesOf(pluginId, partsOf).length > 0 ? 'UNAVAILABLE' : 'DEGRADED',
    reasons: shorten([...own.reasons, ...complaints]),
    instances: own.instances,
  };
  known.set(pluginId, health);
  return health;
}

/**
 * The plugins that one requires, directly or through others, and of which no instance can serve: the causes, nearest
 * first, and not those that suffer from them.
 */
export function outagesOf(
  pluginId: string,
  partsOf: (pluginId: string) => PluginParts | undefined,
): readonly Outage[] {
  return requirementsOf(pluginId, (id) => partsOf(id)?.requires ?? []).flatMap((requirement) => {
    const parts = partsOf(requirement.pluginId);
    const { state, reasons } = parts === undefined ? NOT_IN_TABLE : ownHealth(parts);
    return state === 'UNAVAILABLE' ? [{ ...requirement, reasons }] : [];
  });
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
