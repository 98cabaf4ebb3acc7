import { GatewayError } from '../errors.ts';
import type { PreparedRoute } from '../table/prepared-table.ts';
import type { TenantIdentity } from './caller.ts';
import { tokenMissing } from './identity.ts';

/**
 * Whether users may call the route, and this one has all permissions that it asks for.
 *
 * @param user undefined for an anonymous one
 * @throws GatewayError `users-not-allowed`, `token-missing` for an anonymous one, `permission-missing`
 */
export function checkPermission(route: PreparedRoute, user: TenantIdentity | undefined): void {
  const { endpoint, pluginId } = route;
  if (!route.route.users) {
    throw new GatewayError(
      'users-not-allowed',
      `${endpoint} of ${pluginId} is for plugins: its plugin.json does not list it in backend.endpoints`,
    );
  }
  const held = user?.permissions ?? [];
  const missing = route.route.permissions.filter((permission) => !held.includes(permission));
  if (missing.length === 0) return;
  if (user === undefined) throw tokenMissing(route);
  throw new GatewayError(
    'permission-missing',
    `${endpoint} of ${pluginId} needs ${missing.length === 1 ? 'the permission' : 'the permissions'} ` +
      `${missing.map((permission) => `"${permission}"`).join(', ')}, which the token does not grant`,
  );
}
