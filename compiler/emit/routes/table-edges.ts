import type { RouteTableEdge } from '@plexica/types';
import type { Plugin } from '../../ir/program.ts';
import { endpointName } from './endpoint-name.ts';

/**
 * What a plugin may call: one entry for each service (rule `duplicate-dependency`). An optional dependency on a plugin
 * that is not in the workspace has none.
 */
export function tableEdges(plugin: Plugin): RouteTableEdge[] {
  return plugin.edges.flatMap((edge) =>
    edge.services.map(({ service, endpoints }) => ({
      plugin: service.plugin.id.value,
      service: service.name.value,
      version: edge.version.value,
      required: edge.required,
      contract: service.contract,
      endpoints: endpoints.map(({ route }) => endpointName(route)),
    })),
  );
}
