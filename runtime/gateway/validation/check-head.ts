import { parse as parseQuery } from 'fast-querystring';
import type { ErrorDetail } from '../errors.ts';
import { asDashes, connectionTokens } from '../rules/hop-by-hop.ts';
import { headerValues, type RequestHead } from '../rules/request-head.ts';
import { comesFromClients } from '../rules/request-headers.ts';
import type { PreparedRoute } from '../table/prepared-table.ts';
import { checkMediaType } from './check-media-type.ts';
import type { HeadersValidator } from './compile-route.ts';
import type { Validation } from './load-validation.ts';
import { requestInvalid } from './request-invalid.ts';

/** A request that was matched. */
export interface MatchedRequest {
  readonly route: PreparedRoute;
  /** Canonical, as the plugin serves it. */
  readonly pluginPath: string;
  /** With its question mark; empty where there is none. */
  readonly query: string;
}

/**
 * Checks path parameters, query and headers against the schemas of the route, all of them before it refuses, and whether a
 * body can be checked. What is forwarded is not touched.
 *
 * @throws GatewayError `request-invalid`, `unsupported-media-type`
 */
export function checkHead(
  validation: Validation,
  head: RequestHead,
  { route, pluginPath, query }: MatchedRequest,
): void {
  const validators = validation.of(route);
  if (validators === undefined) return;
  const { params, querystring, headers, body } = validators;
  const details: ErrorDetail[] = [];
  if (params !== undefined) details.push(...params(paramsOf(route, pluginPath)));
  if (querystring !== undefined) details.push(...querystring(parseQuery(query.slice(1))));
  if (headers !== undefined) details.push(...checkHeaders(headers, head));
  if (details.length > 0) throw requestInvalid(route, details);
  if (body !== undefined) checkMediaType(head, route);
}

function paramsOf({ route }: PreparedRoute, pluginPath: string): Record<string, string> {
  const params: Record<string, string> = Object.create(null);
  const segments = pluginPath.split('/');
  for (const [at, name] of route.path.split('/').entries()) {
    if (name.startsWith(':')) params[name.slice(1)] = decodeURIComponent(segments[at] ?? '');
  }
  return params;
}

/**
 * Headers that the gateway sets itself, or drops, are not the client's to get right. One that stands twice has two
 * readings: servers join the values, or take the first or the last. So has one beside another spelling of it.
 */
function checkHeaders(
  { names, validate }: HeadersValidator,
  { rawHeaders }: RequestHead,
): readonly ErrorDetail[] {
  const dropped = connectionTokens(headerValues(rawHeaders, 'connection'));
  const headers: Record<string, string> = Object.create(null);
  const twice: ErrorDetail[] = [];
  const notTheClients = new Set<string>();
  for (const name of names) {
    const lower = name.toLowerCase();
    if (!comesFromClients(lower)) notTheClients.add(name);
    if (dropped.has(lower)) continue;
    const values = valuesInAnySpelling(rawHeaders, lower);
    if (values.length > 1)
      twice.push({ in: 'headers', path: `/${name}`, message: 'must not be given twice' });
    if (values[0] !== undefined) headers[name] = values[0];
  }
  const details = [...twice, ...validate(headers)];
  return details.filter(({ path }) => !notTheClients.has(path.slice(1)));
}

/** `X_Page_Size` for `X-Page-Size`: some servers make one of them. */
function valuesInAnySpelling(rawHeaders: readonly string[], name: string): readonly string[] {
  const plain = asDashes(name);
  return rawHeaders.filter(
    (_, at) => at % 2 === 1 && asDashes(rawHeaders[at - 1]?.toLowerCase() ?? '') === plain,
  );
}
