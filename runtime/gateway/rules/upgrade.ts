import { GatewayError } from '../errors.ts';
import type { PreparedRoute } from '../table/prepared-table.ts';
import { connectionTokens } from './hop-by-hop.ts';
import { headerValues, type RequestHead } from './request-head.ts';

/** Whether a request asks for a WebSocket connection (RFC 6455, 4.1); one with another method than GET does not. */
export function wantsWebSocket(
  head: Pick<RequestHead, 'rawHeaders'> & { readonly method?: string | undefined },
): boolean {
  if (head.method !== 'GET') return false;
  const upgrades = headerValues(head.rawHeaders, 'upgrade');
  return (
    upgrades.some((value) => /(?:^|[\s,])websocket(?:$|[\s,/])/i.test(value)) &&
    connectionTokens(headerValues(head.rawHeaders, 'connection')).has('upgrade')
  );
}

/**
 * A WebSocket endpoint is called with an upgrade, and nothing else is. Other upgrades, such as h2c, are only offers,
 * and are ignored.
 *
 * @throws GatewayError `upgrade-required`, `upgrade-not-supported`
 */
export function checkUpgrade(route: PreparedRoute, head: RequestHead): void {
  const { endpoint, pluginId } = route;
  const wanted = wantsWebSocket(head);
  if (wanted && route.route.webSocket !== true) {
    throw new GatewayError(
      'upgrade-not-supported',
      `${endpoint} of ${pluginId} is no WebSocket endpoint: its plugin.json does not say "webSocket": true`,
    );
  }
  if (!wanted && route.route.webSocket === true) {
    throw new GatewayError(
      'upgrade-required',
      `${endpoint} of ${pluginId} is a WebSocket endpoint: open it with a WebSocket client`,
      { headers: { upgrade: 'websocket', connection: 'Upgrade' } },
    );
  }
}
