import { BASE_PATH } from '../base-path.ts';
import { GatewayError } from '../errors.ts';
import { allowOf } from '../table/prepare.ts';
import type { MatcherNode, PreparedRoute, PreparedTable } from '../table/prepared-table.ts';

export interface Match {
  readonly route: PreparedRoute;
  /** As the plugin serves it; below its base URL. */
  readonly pluginPath: string;
}

/**
 * Which route answers a request. A static segment wins over a parameter, and where that leads nowhere for this
 * method, the parameter is tried, as Fastify does behind the gateway. HEAD is answered by GET.
 *
 * @param path canonical
 * @throws GatewayError `route-not-found`, `method-not-allowed`
 */
export function matchRoute(table: PreparedTable, method: string, path: string): Match {
  const below = path.startsWith(`${BASE_PATH}/`) ? path.slice(BASE_PATH.length + 1) : undefined;
  if (below === undefined) {
    throw new GatewayError(
      'route-not-found',
      `there is nothing at ${path}: the gateway serves ${BASE_PATH}/`,
    );
  }
  const slash = below.indexOf('/');
  const pluginId = slash === -1 ? below : below.slice(0, slash);
  const pluginPath = slash === -1 ? '/' : below.slice(slash);
  const plugin = table.plugins.get(pluginId);
  if (plugin === undefined) {
    throw new GatewayError(
      'route-not-found',
      `there is no plugin "${pluginId}" and no endpoint of the gateway at ${path}`,
    );
  }
  const others: string[] = [];
  const route = descend(plugin.root, pluginPath.split('/'), 1, method === 'HEAD' ? 'GET' : method, others);
  if (route !== undefined) return { route, pluginPath };
  if (others.length > 0) {
    const allow = allowOf(others);
    throw new GatewayError(
      'method-not-allowed',
      `${pluginPath} of ${pluginId} does not answer ${method}, but ${allow}`,
      {
        headers: { allow },
      },
    );
  }
  throw new GatewayError('route-not-found', `${pluginId} has no ${pluginPath}`);
}

function descend(
  node: MatcherNode,
  segments: readonly string[],
  depth: number,
  method: string,
  others: string[],
): PreparedRoute | undefined {
  const segment = segments[depth];
  if (segment === undefined) {
    const route = node.resource?.methods.get(method);
    if (route === undefined && node.resource !== undefined) others.push(...node.resource.methods.keys());
    return route;
  }
  const next = node.statics.get(segment);
  const found = next && descend(next, segments, depth + 1, method, others);
  if (found !== undefined || node.parameter === undefined || segment === '') return found;
  if (spellsStatic(node, segment)) return undefined;
  return descend(node.parameter, segments, depth + 1, method, others);
}

/**
 * Whether a plugin that decodes (or one that does not) would see one of its static segments here (`%40me` for `@me`):
 * another route than the one whose rules the gateway would apply.
 */
function spellsStatic(node: MatcherNode, segment: string): boolean {
  return node.ambiguous.size > 0 && node.ambiguous.has(decodeURIComponent(segment));
}
