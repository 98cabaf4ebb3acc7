import type { InstanceHealth } from './instance.ts';
import {
  type Outage,
  outagesOf,
  type PluginHealth,
  type PluginParts,
  pluginHealth,
} from './plugin-health.ts';

/** How all plugins are, worked out when somebody asks, and again only after something has changed. */
export interface PluginStates {
  healthOf(pluginId: string): PluginHealth;
  /** Which of the plugins that it cannot work without, directly or through others, cannot serve. Cheap: requests ask. */
  outagesOf(pluginId: string): readonly Outage[];
  /** Forgets everything: an instance, the table or the configuration is another. */
  changed(): void;
}

/** @param instancesOf as they are now: times of checks change without a word */
export function createPluginStates(
  partsOf: (pluginId: string) => PluginParts | undefined,
  instancesOf: (pluginId: string) => readonly InstanceHealth[],
): PluginStates {
  const health = new Map<string, PluginHealth>();
  const outages = new Map<string, readonly Outage[]>();

  return {
    healthOf(pluginId) {
      const known = health.get(pluginId) ?? pluginHealth(pluginId, partsOf);
      health.set(pluginId, known);
      return { ...known, instances: instancesOf(pluginId) };
    },
    outagesOf(pluginId) {
      const known = outages.get(pluginId) ?? outagesOf(pluginId, partsOf);
      outages.set(pluginId, known);
      return known;
    },
    changed() {
      health.clear();
      outages.clear();
    },
  };
}
