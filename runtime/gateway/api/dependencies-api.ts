import type { RouteTableEdge } from '@plexica/types';
import type { FastifyInstance } from 'fastify';
import type { GatewayContext } from '../context.ts';
import type { PluginState } from '../instances/plugin-health.ts';
import { requireCaller } from '../require-caller.ts';
import type { PreparedTable } from '../table/prepared-table.ts';
import { type Requirement as RequiredPlugin, requirementsOf } from '../table/requirements.ts';
import { answer } from './answer.ts';
import { findPlugin } from './find-plugin.ts';

/** A service that a plugin calls. */
interface Dependency {
  readonly pluginId: string;
  readonly serviceName: string;
  readonly required: boolean;
  /** The range that the plugin asks for, and the version that there is. */
  readonly range: string;
  readonly version: string | undefined;
  /** The versions that instances say they run, of the service or, where they do not tell, of the plugin. */
  readonly running: readonly string[];
  /** What it may call of the service. */
  readonly endpoints: readonly string[];
  readonly state: PluginState;
  readonly reasons: readonly string[];
}

/** A plugin that another cannot work without, and how it is. */
interface Requirement extends RequiredPlugin {
  readonly state: PluginState;
  readonly reasons: readonly string[];
}

/** `GET /dependencies/:pluginId`: what a plugin depends on, and how that is. */
export function dependenciesApi(api: FastifyInstance, context: GatewayContext): void {
  const { instances } = context;
  const preHandler = requireCaller(context);

  api.get<{ Params: { pluginId: string } }>('/dependencies/:pluginId', { preHandler }, async ({ params }) => {
    const { table } = context.deployment();
    const { id, plugin } = findPlugin(table, params.pluginId);
    return answer({
      pluginId: id,
      ...healthOf(id),
      dependencies: plugin.edges.map((edge) => dependencyOf(table, edge)),
      chain: requirementsOf(id, (pluginId) => table.plugins.get(pluginId)?.plugin.requires ?? []).map(
        (requirement): Requirement => ({
          ...requirement,
          ...healthOf(requirement.pluginId),
        }),
      ),
    });
  });

  function dependencyOf(table: PreparedTable, edge: RouteTableEdge): Dependency {
    return {
      pluginId: edge.plugin,
      serviceName: edge.service,
      required: edge.required,
      range: edge.version,
      version: table.services.get(edge.service)?.service.version,
      running: runningOf(edge),
      endpoints: edge.endpoints,
      ...healthOf(edge.plugin),
    };
  }

  function runningOf({ plugin, service }: RouteTableEdge): string[] {
    const versions = instances
      .healthOf(plugin)
      .instances.flatMap(({ version, serviceVersions }) => serviceVersions?.[service] ?? version ?? []);
    return [...new Set(versions)].sort();
  }

  function healthOf(id: string): { state: PluginState; reasons: readonly string[] } {
    const { state, reasons } = instances.healthOf(id);
    return { state, reasons };
  }
}
