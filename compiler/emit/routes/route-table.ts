import {
  digestOf,
  type RouteTable,
  type RouteTablePlugin,
  type RouteTableRoute,
  type RouteTableService,
} from '@plexica/types';
import type { Plugin, Program, Route, Service } from '../../ir/program.ts';
import { endpointName } from './endpoint-name.ts';
import { tableEdges } from './table-edges.ts';

/** Every plugin with a backend answers here (the guide's health contract). */
const HEALTH_PATH = '/health';

/**
 * The route table of a program, with its digest. It holds contract alone: no address, so that one table serves every
 * deployment.
 */
export function routeTable(program: Program): RouteTable {
  const content = { format: 1 as const, plugins: program.plugins.map(tablePlugin) };
  return { format: content.format, digest: digestOf(content), plugins: content.plugins };
}

function tablePlugin(plugin: Plugin): RouteTablePlugin {
  const { description } = plugin.manifest.value;
  return {
    id: plugin.id.value,
    name: plugin.name,
    version: plugin.version.value,
    ...(description !== undefined && { description }),
    healthPath: plugin.hasBackend ? HEALTH_PATH : null,
    permissions: plugin.permissions.map((permission) => permission.name),
    routes: plugin.routes.map(tableRoute),
    services: plugin.services.map(tableService),
    edges: tableEdges(plugin),
    requires: requiredPlugins(plugin),
  };
}

function tableRoute(route: Route): RouteTableRoute {
  const services = route.declarations.flatMap(({ service }) =>
    service === undefined ? [] : [service.name.value],
  );
  return {
    method: route.method,
    path: route.path.value,
    users: route.users,
    auth: route.auth,
    permissions: route.permissions.map((permission) => permission.value),
    services: [...new Set(services)],
    ...(route.timeoutMs !== undefined && { timeoutMs: route.timeoutMs }),
    idempotent: route.idempotent,
    ...(route.rateLimit !== undefined && { rateLimit: { ...route.rateLimit } }),
  };
}

function tableService(service: Service): RouteTableService {
  return {
    name: service.name.value,
    version: service.version.value,
    ...(service.description !== undefined && { description: service.description }),
    contract: service.contract,
    endpoints: service.endpoints.map(({ route }) => endpointName(route)),
  };
}

/** Ids of the plugins without which this one cannot work, in code-unit order. */
function requiredPlugins(plugin: Plugin): string[] {
  const edges = plugin.edges.filter((edge) => edge.required).map((edge) => edge.pluginId.value);
  const beside = plugin.pluginDependencies.filter(({ required }) => required).map(({ id }) => id.value);
  return [...new Set([...edges, ...beside])].sort();
}
