import type { RouteTable, RouteTablePlugin, RouteTableRoute } from '@plexica/types';
import { entryOf } from '../entry-of.ts';
import { SetupError } from '../errors.ts';
import { canonicalTarget } from '../rules/canonical-path.ts';
import type {
  MatcherNode,
  PreparedPlugin,
  PreparedRoute,
  PreparedService,
  PreparedTable,
} from './prepared-table.ts';

/**
 * Arranges a table for serving, so that a request costs no more than its own segments. One pass over the routes and
 * the edges.
 *
 * @throws SetupError for two routes that answer the same request, and for a path that no request can have
 */
export function prepareTable(table: RouteTable): PreparedTable {
  const callers = callersByEndpoint(table);
  const plugins = new Map<string, PreparedPlugin>();
  const services = new Map<string, PreparedService>();
  for (const plugin of table.plugins) {
    const prepared = { id: plugin.id, plugin, root: preparePaths(plugin, callers.get(plugin.id)) };
    plugins.set(plugin.id, prepared);
    for (const service of plugin.services) services.set(service.name, { plugin: prepared, service });
  }
  return { table, plugins, services };
}

/** Whose edges cover what: by callee, then by endpoint. */
type Callers = ReadonlyMap<string, ReadonlySet<string>>;

function callersByEndpoint(table: RouteTable): ReadonlyMap<string, Callers> {
  const byCallee = new Map<string, Map<string, Set<string>>>();
  for (const caller of table.plugins) {
    for (const edge of caller.edges) {
      const byEndpoint = entryOf(byCallee, edge.plugin, () => new Map<string, Set<string>>());
      for (const endpoint of edge.endpoints) entryOf(byEndpoint, endpoint, () => new Set()).add(caller.id);
    }
  }
  return byCallee;
}

/** A `MatcherNode` while it grows. */
interface Growing {
  readonly statics: Map<string, Growing>;
  parameter: Growing | undefined;
  readonly ambiguous: Set<string>;
  resource: { readonly methods: Map<string, PreparedRoute>; allow: string } | undefined;
}

const NOBODY: ReadonlySet<string> = new Set();

function preparePaths(plugin: RouteTablePlugin, callers: Callers | undefined): MatcherNode {
  const root = grow();
  for (const route of plugin.routes) {
    const endpoint = `${route.method} ${route.path}`;
    const node = nodeFor(root, route, plugin.id);
    node.resource ??= { methods: new Map(), allow: '' };
    const { methods } = node.resource;
    const owner = methods.get(route.method);
    if (owner !== undefined) {
      throw new SetupError(
        `the route table serves ${owner.endpoint} and ${endpoint} of ${plugin.id}, which are the same request; ` +
          'run `plexica check`, which names both',
      );
    }
    methods.set(route.method, {
      pluginId: plugin.id,
      route,
      endpoint,
      callers: callers?.get(endpoint) ?? NOBODY,
    });
    node.resource.allow = allowOf([...methods.keys()]);
  }
  return root;
}

/** The value of `Allow` for these methods. */
export function allowOf(methods: readonly string[]): string {
  const all = new Set(methods);
  if (all.has('GET')) all.add('HEAD');
  return [...all].sort().join(', ');
}

function nodeFor(root: Growing, route: RouteTableRoute, pluginId: string): Growing {
  let node = root;
  for (const segment of route.path.split('/').slice(1)) {
    if (segment.startsWith(':')) {
      node.parameter ??= grow();
      node = node.parameter;
    } else {
      const name = asInUrl(segment, route, pluginId);
      if (/[^A-Za-z0-9\-._~]/.test(name)) node.ambiguous.add(decodeURIComponent(name));
      node = entryOf(node.statics, name, grow);
    }
  }
  return node;
}

/** A manifest may say `/café`; a URL says `/caf%C3%A9`. */
function asInUrl(segment: string, route: RouteTableRoute, pluginId: string): string {
  try {
    return canonicalTarget(`/${encodeURI(segment).replaceAll('%25', '%')}`).path.slice(1);
  } catch (cause) {
    throw new SetupError(
      `the route table serves ${route.method} ${route.path} of ${pluginId}, a path that no request can have; ` +
        'run `plexica check`, which says why',
      { cause },
    );
  }
}

function grow(): Growing {
  return { statics: new Map(), parameter: undefined, ambiguous: new Set(), resource: undefined };
}
