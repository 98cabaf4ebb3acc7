import { closestName } from '../closest-name.ts';
import { GatewayError } from '../errors.ts';
import type { PreparedPlugin, PreparedService, PreparedTable } from '../table/prepared-table.ts';

const COMPILE = 'compile its plugin.json with `plexica build`, and deploy the result with the gateway';

/** @throws GatewayError `plugin-not-found` */
export function findPlugin(table: PreparedTable, id: string): PreparedPlugin {
  const plugin = table.plugins.get(id);
  if (plugin !== undefined) return plugin;
  throw new GatewayError(
    'plugin-not-found',
    `there is no plugin "${id}" in the route table${suggestion(id, table.plugins.keys())}; ${COMPILE}`,
  );
}

/** @throws GatewayError `service-not-found` */
export function findService(table: PreparedTable, name: string): PreparedService {
  const service = table.services.get(name);
  if (service !== undefined) return service;
  throw new GatewayError(
    'service-not-found',
    `there is no service "${name}" in the route table${suggestion(name, table.services.keys())}`,
  );
}

function suggestion(given: string, names: Iterable<string>): string {
  const closest = closestName(given, names);
  return closest === undefined ? '' : `; did you mean "${closest}"?`;
}
