import {
  digestOf,
  type RouteTable,
  type RouteTablePlugin,
  type RouteTableRoute,
  type RouteTableService,
} from '@plexica/types';
import type { Plugin, Program, Route, Service, Subscription } from '../../ir/program.ts';
import { eventsDigest } from '../events/events-file.ts';
import { validatedParts } from '../validation/validated-parts.ts';
import { validationDigest } from '../validation/validation-file.ts';
import { endpointName } from './endpoint-name.ts';
import { tableEdges } from './table-edges.ts';

/** Every plugin with a backend answers here (the guide's health contract). */
const HEALTH_PATH = '/health';

/**
 * The route table of a program, with its digest. It holds contract alone: no address, so that one table serves every
 * deployment.
 */
export function routeTable(program: Program): RouteTable {
  const content = {
    format: 1 as const,
    events: eventsDigest(program),
    plugins: program.plugins.map(tablePlugin),
  };
  const { format, ...rest } = content;
  return { format, digest: digestOf(content), ...rest };
}

function tablePlugin(plugin: Plugin): RouteTablePlugin {
  const { description } = plugin.manifest.value;
  const validation = validationDigest(plugin);
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
    ...(validation !== undefined && { validation }),
    ...namesOf('publishes', plugin.publishes),
    ...namesOf('subscribes', plugin.subscribes.map(nameOf)),
    ...namesOf('hooks', plugin.hooks.map(nameOf)),
  };
}

/** None where there is nothing to tell. */
function namesOf(
  list: 'publishes' | 'subscribes' | 'hooks',
  events: readonly { readonly name: string }[],
): Partial<RouteTablePlugin> {
  return events.length === 0 ? {} : { [list]: events.map(({ name }) => name) };
}

function nameOf({ name }: Subscription): { readonly name: string } {
  return { name: name.value };
}

function tableRoute(route: Route): RouteTableRoute {
  const services = route.declarations.flatMap(({ service }) =>
    service === undefined ? [] : [service.name.value],
  );
  const validates = validatedParts(route);
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
    ...(route.contract !== undefined && { contract: route.contract }),
    ...(validates.length > 0 && { validates }),
    ...(route.webSocket && { webSocket: true }),
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
