import { BASE_PATH } from '../base-path.ts';
import { asDashes, connectionTokens, HOP_BY_HOP, isSecondName } from './hop-by-hop.ts';

/**
 * What a plugin may not say to a client: its connection is not the client's, nor are the gateway's names its own, nor
 * is the origin that it shares with all other plugins.
 */
const NOT_FROM_PLUGINS: ReadonlySet<string> = new Set([
  'accept-ch',
  'alt-svc',
  'clear-site-data',
  'expect-ct',
  'nel',
  'public-key-pins',
  'report-to',
  'service-worker-allowed',
  'set-cookie',
  'set-cookie2',
  'set-login',
  'strict-transport-security',
  'use-as-dictionary',
  'x-request-id',
  // For a proxy before the gateway: they would have it send a file or an address of its own.
  'x-accel-redirect',
  'x-lighttpd-send-file',
  'x-reproxy-url',
  'x-sendfile',
  'x-sendfile2',
]);

/** Headers by name in lower case, as undici and Node hand them out. */
export type HeaderRecord = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The headers with which a plugin's answer goes to the client. A `Location` at the plugin's own address becomes one
 * at the gateway, so that the address stays inside.
 *
 * @param baseUrl of the instance that answered
 */
export function answerHeaders(
  upstream: HeaderRecord,
  pluginId: string,
  baseUrl: URL,
): Record<string, string | string[]> {
  const named = connectionTokens([upstream.connection ?? []].flat());
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(upstream)) {
    const plain = asDashes(name.toLowerCase());
    if (value === undefined || named.has(name) || HOP_BY_HOP.has(plain)) continue;
    if (NOT_FROM_PLUGINS.has(plain) || plain.startsWith('x-plexica-') || isSecondName(name, plain)) continue;
    // Which pages may call is for plexica.yaml to say: `cors.ts`.
    if (plain.startsWith('access-control-')) continue;
    const isPlace = name === 'location' || name === 'content-location';
    headers[name] = isPlace ? placesAtGateway(value, pluginId, baseUrl) : value;
  }
  return headers;
}

function placesAtGateway(value: string | string[], pluginId: string, baseUrl: URL): string | string[] {
  return Array.isArray(value)
    ? value.map((one) => atGateway(one, pluginId, baseUrl))
    : atGateway(value, pluginId, baseUrl);
}

/** What begins with a slash or an origin may point at the plugin itself; anything else is relative, and right as it is. */
function atGateway(location: string, pluginId: string, baseUrl: URL): string {
  if (!/^(?:[/\\]|[A-Za-z][A-Za-z0-9+.-]*:)/.test(location) || !URL.canParse(location, baseUrl.href))
    return location;
  const target = new URL(location, baseUrl);
  if (target.origin !== baseUrl.origin) return location;
  const base = baseUrl.pathname.replace(/\/$/, '');
  const path = target.pathname.startsWith(`${base}/`) ? target.pathname.slice(base.length) : target.pathname;
  return `${BASE_PATH}/${pluginId}${path}${target.search}${target.hash}`;
}
