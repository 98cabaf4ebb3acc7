import type { RouteTableEdge } from '@plexica/types';
import type { FastifyInstance } from 'fastify';
import type { GatewayContext } from '../context.ts';
import type { PluginState } from '../instances/plugin-health.ts';
import { requireCaller } from '../require-caller.ts';
import type { PreparedTable } from '../table/prepared-table.ts';
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
  /** What it may call of the service. */
  readonly endpoints: readonly string[];
  readonly state: PluginState;
  readonly reasons: readonly string[];
}

/** A plugin that another cannot work without, directly or through others. */
interface Requirement {
  readonly pluginId: string;
  /** Through which plugins it is required; empty where directly. */
  readonly via: readonly string[];
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
      chain: requirementsOf(table, id).map(
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
      endpoints: edge.endpoints,
      ...healthOf(edge.plugin),
    };
  }

  function healthOf(id: string): { state: PluginState; reasons: readonly string[] } {
    const { state, reasons } = instances.healthOf(id);
    return { state, reasons };
  }
}

/** Nearest first. Every plugin is visited once, so that the walk ends in a cycle too. */
function requirementsOf(table: PreparedTable, id: string): Pick<Requirement, 'pluginId' | 'via'>[] {
  const found = new Map<string, Pick<Requirement, 'pluginId' | 'via'>>();
  const queue = [{ pluginId: id, path: [] as readonly string[] }];
  for (const { pluginId, path } of queue) {
    for (const required of table.plugins.get(pluginId)?.plugin.requires ?? []) {
      if (required === id || found.has(required)) continue;
      found.set(required, { pluginId: required, via: path });
      queue.push({ pluginId: required, path: [...path, required] });
    }
  }
  return [...found.values()];
}
