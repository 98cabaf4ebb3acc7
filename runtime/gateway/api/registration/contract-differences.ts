import type { RegisteredService, RouteTableService } from '@plexica/types';
import type { PreparedPlugin, PreparedTable } from '../../table/prepared-table.ts';

/**
 * In what an instance differs from the compiled contract of its plugin, one line per difference. An instance
 * that serves less would answer 404 for what the gateway promises, and one that serves more was built from
 * another plugin.json.
 */
export function contractDifferences(
  table: PreparedTable,
  plugin: PreparedPlugin,
  registered: readonly RegisteredService[],
): string[] {
  const compiled = new Map(plugin.plugin.services.map((service) => [service.name, service]));
  const names = new Set(registered.map(({ name }) => name));
  const twice = registered.map(({ name }) => name).filter((name, at, all) => all.indexOf(name) !== at);
  return [
    ...[...new Set(twice)].map((name) => `${name} is registered twice`),
    ...registered.flatMap((service) => {
      const contract = compiled.get(service.name);
      return contract === undefined
        ? [unknownService(table, plugin.id, service.name)]
        : serviceDifferences(contract, service);
    }),
    ...[...compiled.keys()].filter((name) => !names.has(name)).map((name) => `service ${name} is missing`),
  ];
}

function serviceDifferences(compiled: RouteTableService, registered: RegisteredService): string[] {
  const { name, version, endpoints } = registered;
  const expected = new Map(compiled.endpoints.map((endpoint) => [shapeOf(endpoint), endpoint]));
  const served = new Map(
    endpoints.map(({ method, path }) => [shapeOf(`${method} ${path}`), `${method} ${path}`]),
  );
  return [
    ...(version === compiled.version ? [] : [`${name} has version ${version}, not ${compiled.version}`]),
    ...[...expected].filter(([shape]) => !served.has(shape)).map(([, missing]) => `${name} lacks ${missing}`),
    ...[...served].filter(([shape]) => !expected.has(shape)).map(([, extra]) => `${name} has no ${extra}`),
  ];
}

function unknownService(table: PreparedTable, pluginId: string, name: string): string {
  const owner = table.services.get(name)?.plugin.id;
  return owner === undefined
    ? `${pluginId} has no service ${name}`
    : `service ${name} belongs to ${owner}, not to ${pluginId}`;
}

/** Names of parameters do not distinguish endpoints. */
function shapeOf(endpoint: string): string {
  return endpoint.replace(/\/:[^/]*/g, '/:');
}
