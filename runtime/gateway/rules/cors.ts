import type { CorsConfig } from '../config/gateway-config.ts';
import { headerValues, type RequestHead, singleHeader } from './request-head.ts';
import { comesFromClients } from './request-headers.ts';

type Headers = Readonly<Record<string, string>>;

/** What pages read of answers beside what any page may (Fetch, 3.2.6): the gateway's own words, and usual ones. */
const EXPOSED = [
  'content-disposition',
  'etag',
  'link',
  'location',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'x-request-id',
].join(', ');

/**
 * The headers with which a page of the request's origin may read the answer; none for an origin that may not. Every
 * answer has `Vary: Origin` beside them, because a cache must not give one page what was said to another.
 */
export function corsHeaders(cors: CorsConfig, head: Pick<RequestHead, 'rawHeaders'>): Headers {
  const origin = singleHeader(head.rawHeaders, 'origin');
  if (origin === undefined || !isListed(origin, cors)) return {};
  return {
    'access-control-allow-origin': origin,
    ...(cors.credentials ? { 'access-control-allow-credentials': 'true' } : {}),
    'access-control-expose-headers': EXPOSED,
  };
}

/**
 * The answer to a preflight, beside `corsHeaders`: what a page wants to know before it sends a request that no form could send. It takes no
 * identity, and says nothing that the refusal of OPTIONS would not say.
 *
 * @param allow the methods that the path answers
 * @returns undefined for what is no preflight, or of an origin that may not call: it is answered as any OPTIONS
 */
export function preflightHeaders(
  cors: CorsConfig,
  head: Pick<RequestHead, 'method' | 'rawHeaders'>,
  allow: string,
): Headers | undefined {
  const { method, rawHeaders } = head;
  const origin = singleHeader(rawHeaders, 'origin');
  if (method !== 'OPTIONS' || origin === undefined || !isListed(origin, cors)) return undefined;
  if (headerValues(rawHeaders, 'access-control-request-method').length === 0) return undefined;
  const wanted = headerValues(rawHeaders, 'access-control-request-headers').join(',').split(',');
  // A manifest may want any header; those that never reach a plugin from outside are not promised.
  const headers = wanted.map((name) => name.trim().toLowerCase()).filter(mayBeSent);
  return {
    'access-control-allow-methods': allow,
    ...(headers.length === 0 ? {} : { 'access-control-allow-headers': headers.join(', ') }),
    'access-control-max-age': String(Math.floor(cors.maxAge / 1000)),
  };
}

/** For the gateway itself; the rest of what it reads no page can set, or needs. */
const FOR_THE_GATEWAY: ReadonlySet<string> = new Set(['authorization', 'x-request-id', 'traceparent']);

function mayBeSent(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && (FOR_THE_GATEWAY.has(name) || comesFromClients(name));
}

/**
 * Whether a page may open a WebSocket connection, which no browser asks leave for: one of the gateway's own origin, or
 * of a listed one. What sends no `Origin` is no page.
 *
 * @param origin the values of `Origin`
 * @param host the value of `Host`
 */
export function mayOpenFrom(
  origin: string | undefined,
  host: string | undefined,
  cors: CorsConfig | undefined,
): boolean {
  if (origin === undefined) return true;
  return isSameOrigin(origin, host) || (cors !== undefined && isListed(origin, cors));
}

/** The scheme is left out: behind a proxy that ends TLS, the gateway does not see the page's. */
function isSameOrigin(origin: string, host: string | undefined): boolean {
  const page = URL.parse(origin);
  if (page === null || page.origin !== origin || host === undefined || !/^[^/?#\\@]+$/.test(host))
    return false;
  return URL.parse(`${page.protocol}//${host}`)?.host === page.host;
}

/** Never `null`, which many kinds of documents have for an origin: no pattern is of that form. */
function isListed(origin: string, { origins }: CorsConfig): boolean {
  return origins.some((pattern) => isOf(origin, pattern));
}

/** `https://*.example.com`: any subdomain, with the scheme and the port that the pattern has. */
function isOf(origin: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  if (star === -1) return origin === pattern;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  if (origin.length <= before.length + after.length) return false;
  if (!origin.startsWith(before) || !origin.endsWith(after)) return false;
  return /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(origin.slice(before.length, origin.length - after.length));
}
