import type { RouteTableEdge } from '@plexica/types';
import { Range } from 'semver';
import type { Edge, EdgeService, Plugin } from '../../ir/program.ts';
import { endpointName } from './endpoint-name.ts';

/**
 * What a plugin may call, one entry for each service, in the order of their first declaration. Two declarations of one
 * service become one: the endpoints of both, the versions that both accept, required if either is. A dependency on a
 * plugin that is not in the workspace is optional here (a rule reports the others) and has no entry.
 */
export function tableEdges(plugin: Plugin): RouteTableEdge[] {
  const edges = new Map<EdgeService['service'], RouteTableEdge>();
  for (const edge of plugin.edges) {
    for (const target of edge.services) {
      const declared = tableEdge(edge, target);
      const before = edges.get(target.service);
      edges.set(target.service, before === undefined ? declared : mergeEdges(before, declared, target));
    }
  }
  return [...edges.values()];
}

function tableEdge(edge: Edge, { service, endpoints }: EdgeService): RouteTableEdge {
  return {
    plugin: service.plugin.id.value,
    service: service.name.value,
    version: edge.version.value,
    required: edge.required,
    contract: service.contract,
    endpoints: endpoints.map(({ route }) => endpointName(route)),
  };
}

function mergeEdges(first: RouteTableEdge, second: RouteTableEdge, { service }: EdgeService): RouteTableEdge {
  const allowed = new Set([...first.endpoints, ...second.endpoints]);
  const names = service.endpoints.map(({ route }) => endpointName(route));
  return {
    ...first,
    version: intersectRanges(first.version, second.version),
    required: first.required || second.required,
    endpoints: names.filter((name) => allowed.has(name)),
  };
}

/** The range of the versions that lie in both ranges; as written where both are the same. */
function intersectRanges(first: string, second: string): string {
  if (first === second) return first;
  const alternatives = new Range(first).set.flatMap((left) =>
    new Range(second).set.map((right) => {
      const bounds = [...left, ...right].map(String).filter((bound) => bound !== '');
      return [...new Set(bounds)].join(' ') || '*';
    }),
  );
  return alternatives.join(' || ');
}
