import { GatewayError } from '../errors.ts';
import type { PreparedRoute, PreparedTable } from '../table/prepared-table.ts';

/**
 * Whether the calling plugin has declared an edge to this endpoint. The refusal says what to declare.
 *
 * @throws GatewayError `edge-missing`
 */
export function checkEdge(table: PreparedTable, route: PreparedRoute, callerId: string): void {
  if (route.callers.has(callerId)) return;
  throw new GatewayError('edge-missing', refusal(table, route, callerId));
}

const THEN = 'then run `plexica build` and reload the gateway with the new table';

function refusal(table: PreparedTable, route: PreparedRoute, callerId: string): string {
  const { endpoint, pluginId } = route;
  const refused = `${callerId} may not call ${endpoint} of ${pluginId}`;
  if (callerId === pluginId) return `${refused}: a plugin does not call itself through the gateway`;
  const caller = table.plugins.get(callerId)?.plugin;
  const serviceName = route.route.services[0];
  if (serviceName === undefined) {
    return `${refused}: no service of ${pluginId} offers it; list it in api.services of its plugin.json first`;
  }
  const narrow = caller?.edges.find(
    (edge) => edge.plugin === pluginId && route.route.services.includes(edge.service),
  );
  if (narrow !== undefined) {
    return (
      `${refused}: its dependency on ${narrow.service} does not list it; add ${JSON.stringify(endpoint)} to ` +
      `"endpoints" of that dependency in the plugin.json of ${callerId}, ${THEN}`
    );
  }
  const version = table.services.get(serviceName)?.service.version ?? '1.0.0';
  const declaration = { pluginId, serviceName, version: `^${version}`, required: true };
  return (
    `${refused}: it declares no such dependency; add ${JSON.stringify(declaration)} to "api.dependencies" in the ` +
    `plugin.json of ${callerId}, ${THEN}`
  );
}
