import type { RelatedSpan } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Edge, Plugin, PluginDependency, Program } from '../ir/program.ts';
import type { Located } from '../ir/source.ts';
import { groupBy } from './group-by.ts';

/** A plugin that another one names and that is not in the workspace: one cause, however often it is named. */
export interface MissingPlugin {
  readonly id: string;
  readonly namedBy: Plugin;
  /** Where `api.dependencies` names it. */
  readonly edges: readonly Edge[];
  /** Where `dependencies` names it. */
  readonly dependencies: readonly PluginDependency[];
  /** The plugin that may be meant. */
  readonly similar: Plugin | undefined;
  readonly help: string;
}

/** The plugins that are named and are not there. Those whose manifest is broken have been told about already. */
export function* missingPlugins({ plugins, brokenPlugins, workspace }: Program): Generator<MissingPlugin> {
  const ids = plugins.map(({ id }) => id.value);
  const globs = workspace.value.plugins.map(quote).join(', ');
  for (const namedBy of plugins) {
    const edges = groupBy(
      namedBy.edges.filter(({ plugin }) => plugin === undefined),
      ({ pluginId }) => pluginId.value,
    );
    const dependencies = groupBy(
      namedBy.pluginDependencies.filter(({ plugin }) => plugin === undefined),
      ({ id }) => id.value,
    );
    for (const id of new Set([...edges.keys(), ...dependencies.keys()])) {
      if (brokenPlugins.has(id)) continue;
      const name = nearest(id, ids);
      const similar = plugins.find((plugin) => plugin.id.value === name && plugin !== namedBy);
      yield {
        id,
        namedBy,
        edges: edges.get(id) ?? [],
        dependencies: dependencies.get(id) ?? [],
        similar,
        help: similar
          ? `change it to ${quote(similar.id.value)}`
          : `add its manifest to the workspace (plexica.yaml looks for ${globs}), or remove the dependency`,
      };
    }
  }
}

/** Where else it is named, and the plugin that may be meant. */
export function otherPlaces(
  { edges, dependencies, similar }: MissingPlugin,
  place: Located<string>,
): RelatedSpan[] {
  const places = [...edges.map(({ pluginId }) => pluginId), ...dependencies.map(({ id }) => id)];
  const others = places.filter((other) => other !== place);
  return [
    ...others.map(({ span }) => ({ at: span, label: 'named again here' })),
    ...(similar ? [{ at: similar.id.span, label: 'a plugin with a similar id' }] : []),
  ];
}
