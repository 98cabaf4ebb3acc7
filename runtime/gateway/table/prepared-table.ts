import type { RouteTable, RouteTablePlugin, RouteTableRoute } from '@plexica/types';

/** The route table, arranged for serving. Made once when a table is loaded; nothing changes it. */
export interface PreparedTable {
  /** As it was compiled. */
  readonly table: RouteTable;
  /** By id. */
  readonly plugins: ReadonlyMap<string, PreparedPlugin>;
  /** Services by name; a name is unique in a workspace. */
  readonly services: ReadonlyMap<string, PreparedService>;
}

export interface PreparedPlugin {
  readonly id: string;
  /** As it was compiled: routes, services, edges, requirements. */
  readonly plugin: RouteTablePlugin;
  readonly root: MatcherNode;
}

export interface PreparedService {
  readonly plugin: PreparedPlugin;
  readonly service: RouteTablePlugin['services'][number];
}

/** One segment deep in a plugin's paths. */
export interface MatcherNode {
  /** By the segment's text as it may stand in a URL. */
  readonly statics: ReadonlyMap<string, MatcherNode>;
  readonly parameter: MatcherNode | undefined;
  /** Decoded, those of `statics` that a URL can spell in more than one way, such as `@me`. Mostly empty. */
  readonly ambiguous: ReadonlySet<string>;
  /** What is served here; undefined where paths only pass through. */
  readonly resource: PreparedResource | undefined;
}

/** All routes with one path. */
export interface PreparedResource {
  /** `GET` answers HEAD too. */
  readonly methods: ReadonlyMap<string, PreparedRoute>;
  /** The value of `Allow`. */
  readonly allow: string;
}

export interface PreparedRoute {
  readonly pluginId: string;
  readonly route: RouteTableRoute;
  /** `GET /contacts/:id`, as the manifest would name it. */
  readonly endpoint: string;
  /** Ids of the plugins that have an edge to it. */
  readonly callers: ReadonlySet<string>;
}
