import type { Edge, Program } from '../../ir/program.ts';

/** Who depends on whom: what both drawing languages print. */
export interface DependencyGraph {
  /** By plugin id. */
  readonly nodes: readonly GraphNode[];
  /** By caller, then callee. */
  readonly arrows: readonly GraphArrow[];
}

export interface GraphNode {
  readonly pluginId: string;
  /** What people read, line by line. */
  readonly lines: readonly string[];
  /** Whether a dependency names it and no manifest of the workspace has that id. */
  readonly missing: boolean;
}

export interface GraphArrow {
  readonly from: string;
  readonly to: string;
  /** The services called, line by line; empty where the plugin alone is meant. */
  readonly labels: readonly string[];
  readonly required: boolean;
}

/** One node for each plugin, and one arrow for each pair of plugins and kind of dependency. */
export function dependencyGraph(program: Program): DependencyGraph {
  const nodes = new Map<string, GraphNode>();
  for (const { id, name, version } of program.plugins) {
    const lines = [name, `${id.value} ${version.value}`];
    nodes.set(id.value, { pluginId: id.value, lines, missing: false });
  }
  const arrows = collectArrows(program);
  for (const { to } of arrows) {
    if (!nodes.has(to)) nodes.set(to, { pluginId: to, lines: [to, 'not in this workspace'], missing: true });
  }
  return { nodes: sortedBy([...nodes.values()], ({ pluginId }) => pluginId), arrows };
}

function collectArrows({ plugins }: Program): GraphArrow[] {
  const arrows = new Map<string, { arrow: GraphArrow; labels: Set<string> }>();
  const add = (from: string, to: string, required: boolean, labels: readonly string[]) => {
    // Ids hold no space: the key is unique, and sorts by caller, callee, kind.
    const key = `${from} ${to} ${required ? 'required' : 'optional'}`;
    const known = arrows.get(key) ?? { arrow: { from, to, required, labels: [] }, labels: new Set<string>() };
    for (const label of labels) known.labels.add(label);
    arrows.set(key, known);
  };
  for (const { id, edges, pluginDependencies } of plugins) {
    for (const edge of edges) add(id.value, edge.pluginId.value, edge.required, edgeLabels(edge));
    for (const dependency of pluginDependencies) add(id.value, dependency.id.value, dependency.required, []);
  }
  return sortedBy([...arrows], ([key]) => key).map(([, { arrow, labels }]) => ({
    ...arrow,
    labels: [...labels].sort(),
  }));
}

function edgeLabels({ serviceName, services }: Edge): string[] {
  return serviceName === undefined ? services.map(({ service }) => service.name.value) : [serviceName.value];
}

function sortedBy<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  return [...values].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
