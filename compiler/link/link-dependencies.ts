import { keySpanAt, locatedAt, spanAt } from '../ir/document.ts';
import { pathShape } from '../ir/path-shape.ts';
import type { Edge, EdgeService, Plugin, PluginDependency, ServiceEndpoint } from '../ir/program.ts';
import type { Located } from '../ir/source.ts';

/** By id; of two plugins with one id the first. */
export type PluginsById = ReadonlyMap<string, Plugin>;

/** The edges that `api.dependencies` declares. */
export function linkEdges(caller: Plugin, plugins: PluginsById): Edge[] {
  const { root, value } = caller.manifest;
  return (value.api?.dependencies ?? []).map((dependency, index) => {
    const path = ['api', 'dependencies', index];
    const plugin = plugins.get(dependency.pluginId);
    const { serviceName } = dependency;
    const endpointNames = dependency.endpoints?.map((name, position) =>
      locatedAt(root, [...path, 'endpoints', position], name),
    );
    return {
      caller,
      pluginId: locatedAt(root, [...path, 'pluginId'], dependency.pluginId),
      serviceName:
        serviceName === undefined ? undefined : locatedAt(root, [...path, 'serviceName'], serviceName),
      version: locatedAt(root, [...path, 'version'], dependency.version),
      required: dependency.required ?? true,
      span: spanAt(root, path),
      plugin,
      services: plugin === undefined ? [] : edgeServices(plugin, serviceName, endpointNames),
      endpointNames,
    };
  });
}

/** What `dependencies.required` and `dependencies.optional` name, as a record of id → range or as a list. */
export function linkPluginDependencies(plugin: Plugin, plugins: PluginsById): PluginDependency[] {
  const linked: PluginDependency[] = [];
  for (const set of ['required', 'optional'] as const) {
    for (const { id, version } of dependencySet(plugin, set)) {
      linked.push({ id, version, required: set === 'required', plugin: plugins.get(id.value) });
    }
  }
  return linked;
}

/** The services that an edge means, with those of their endpoints that it lists. */
function edgeServices(
  plugin: Plugin,
  serviceName: string | undefined,
  endpointNames: readonly Located<string>[] | undefined,
): EdgeService[] {
  const services =
    serviceName === undefined
      ? plugin.services
      : plugin.services.filter(({ name }) => name.value === serviceName).slice(0, 1);
  if (endpointNames === undefined) {
    return services.map((service) => ({ service, endpoints: service.endpoints }));
  }
  const wanted = new Set(endpointNames.map(({ value }) => requestShape(value)));
  const listed = services.map((service) => ({
    service,
    endpoints: service.endpoints.filter((endpoint) => wanted.has(shapeOf(endpoint))),
  }));
  return serviceName === undefined ? listed.filter(({ endpoints }) => endpoints.length > 0) : listed;
}

function shapeOf({ route }: ServiceEndpoint): string {
  return `${route.method} ${pathShape(route.path.value)}`;
}

/** `GET /contacts/:id` → `GET /contacts/:`. */
function requestShape(name: string): string {
  const space = name.indexOf(' ');
  return `${name.slice(0, space)} ${pathShape(name.slice(space + 1))}`;
}

function dependencySet(
  { manifest: { root, value } }: Plugin,
  set: 'required' | 'optional',
): Pick<PluginDependency, 'id' | 'version'>[] {
  const path = ['dependencies', set];
  const entries = value.dependencies?.[set] ?? [];
  if (Array.isArray(entries)) {
    return entries.map((entry, index) => {
      if (typeof entry === 'string') {
        return { id: locatedAt(root, [...path, index], entry), version: undefined };
      }
      const version =
        entry.version === undefined ? undefined : locatedAt(root, [...path, index, 'version'], entry.version);
      return { id: locatedAt(root, [...path, index, 'id'], entry.id), version };
    });
  }
  return Object.entries(entries).map(([id, version]) => ({
    id: { value: id, span: keySpanAt(root, [...path, id]) },
    version: locatedAt(root, [...path, id], version),
  }));
}
