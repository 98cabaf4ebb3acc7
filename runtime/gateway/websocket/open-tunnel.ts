import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import { GatewayError } from '../errors.ts';
import { guardedLookup } from '../instances/guarded-lookup.ts';
import type { Instance } from '../instances/instance.ts';
import type { Admission } from '../proxy/admit-request.ts';
import { upstreamError, upstreamTimeout } from '../proxy/upstream-error.ts';

/** What a plugin said to an upgrade: it agreed, or it answered as to any request. */
export type UpgradeAnswer =
  | { readonly kind: 'agreed'; readonly answer: IncomingMessage; readonly tunnel: Duplex }
  | { readonly kind: 'declined'; readonly answer: IncomingMessage };

/**
 * Asks an instance for a WebSocket connection, over a connection of its own. Redirects are not followed.
 *
 * @param signal aborted when the client goes away
 * @throws GatewayError `upstream-failed`, `upstream-timeout`, `client-gone`
 */
export function openTunnel(
  { route, target, headers, timeout }: Admission,
  { baseUrl, basePath }: Instance,
  signal: AbortSignal,
): Promise<UpgradeAnswer> {
  return new Promise((resolve, reject) => {
    const request = (baseUrl.protocol === 'https:' ? requestHttps : requestHttp)({
      // Node wants IPv6 literals without the brackets of URLs.
      host: baseUrl.hostname.replace(/^\[|\]$/g, ''),
      port: baseUrl.port,
      path: `${basePath}${target}`,
      headers: [...headers, 'host', baseUrl.host, 'connection', 'Upgrade', 'upgrade', 'websocket'],
      lookup: guardedLookup(),
      agent: false,
      signal,
    });
    const timer = setTimeout(() => request.destroy(upstreamTimeout(route.pluginId, timeout)), timeout);
    const settle = (answer: UpgradeAnswer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    const refuse = (why: string) => {
      clearTimeout(timer);
      reject(new GatewayError('upstream-failed', `${route.pluginId} did not answer: ${why}`));
      request.destroy();
    };
    request.once('upgrade', (answer, tunnel, head) => {
      tunnel.on('error', () => tunnel.destroy());
      if (answer.headers.upgrade?.toLowerCase() !== 'websocket') {
        tunnel.destroy();
        return refuse('it changed to another protocol than it was asked for');
      }
      if (head.length > 0) tunnel.unshift(head);
      settle({ kind: 'agreed', answer, tunnel });
    });
    request.once('response', (answer) => {
      const { statusCode = 0 } = answer;
      if (statusCode < 200 || statusCode > 599) return refuse('its status is none that ends a request');
      settle({ kind: 'declined', answer });
    });
    // Stays on: after the answer, too, an error must not go unheard.
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(
        signal.aborted
          ? new GatewayError('client-gone', 'the client went away')
          : upstreamError(error, route.pluginId, timeout),
      );
    });
    request.end();
  });
}
