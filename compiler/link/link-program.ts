import type { Manifest, WorkspaceFile } from '../ir/manifest.ts';
import type { Plugin, Program, PublishedEvent } from '../ir/program.ts';
import { linkEdges, linkPluginDependencies } from './link-dependencies.ts';
import { linkCoreEvents, linkHooks, linkSubscriptions } from './link-events.ts';
import { linkPlugin } from './link-plugin.ts';

/**
 * Makes one program of all manifests. Total: a name that leads nowhere stays undefined, and of two things with
 * one name the first counts; the rules report both.
 *
 * @param brokenPlugins ids of plugins whose manifest is too broken to be among `manifests`
 */
export function linkProgram(
  workspace: WorkspaceFile,
  manifests: readonly Manifest[],
  brokenPlugins: ReadonlySet<string>,
): Program {
  const linked = manifests
    .map((manifest) => linkPlugin(manifest, workspace))
    .sort((a, b) => comparePlugins(a.plugin, b.plugin));
  const plugins = linked.map(({ plugin }) => plugin);
  const byId = new Map<string, Plugin>();
  for (const plugin of plugins) if (!byId.has(plugin.id.value)) byId.set(plugin.id.value, plugin);

  const events = [...linkCoreEvents(), ...plugins.flatMap(({ publishes }) => publishes)];
  const byName = new Map<string, PublishedEvent>();
  for (const event of events) if (!byName.has(event.name)) byName.set(event.name, event);

  for (const { plugin, edges, pluginDependencies, subscribes, hooks, inlineFiles } of linked) {
    edges.push(...linkEdges(plugin, byId));
    pluginDependencies.push(...linkPluginDependencies(plugin, byId));
    subscribes.push(...linkSubscriptions(plugin, byName, inlineFiles));
    hooks.push(...linkHooks(plugin, byName));
  }
  return {
    workspace,
    plugins,
    routes: plugins.flatMap(({ routes }) => routes),
    services: plugins.flatMap(({ services }) => services),
    edges: plugins.flatMap(({ edges }) => edges),
    events,
    brokenPlugins,
  };
}

function comparePlugins(a: Plugin, b: Plugin): number {
  return compare(a.id.value, b.id.value) || compare(a.manifest.file.path, b.manifest.file.path);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
