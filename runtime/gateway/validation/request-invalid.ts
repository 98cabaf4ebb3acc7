import { type ErrorDetail, GatewayError } from '../errors.ts';
import type { PreparedRoute } from '../table/prepared-table.ts';

/** Violations that an answer lists. */
export const MOST_LISTED = 50;

/** What a violation of a part is about: one thing in it, or all of it. */
const PARTS: Readonly<Record<ErrorDetail['in'], { readonly one: string; readonly whole: string }>> = {
  params: { one: 'the path parameter', whole: 'the path' },
  querystring: { one: 'the query parameter', whole: 'the query' },
  headers: { one: 'the header', whole: 'the headers' },
  body: { one: 'the field', whole: 'the body' },
};

/**
 * The answer to a request that breaks its schemas. The message says where first; the details list the rest.
 *
 * @param details at least one
 */
export function requestInvalid(
  { endpoint, pluginId }: PreparedRoute,
  details: readonly ErrorDetail[],
): GatewayError {
  const [first] = details;
  return new GatewayError(
    'request-invalid',
    `the request is not what ${endpoint} of ${pluginId} takes, ${places(details.length)}: ${first === undefined ? '' : inWords(first)}`,
    { details: details.slice(0, MOST_LISTED) },
  );
}

function places(count: number): string {
  if (count > MOST_LISTED) return `in more than ${MOST_LISTED} places, of which as many are listed`;
  return count === 1 ? 'in one place' : `in ${count} places`;
}

function inWords({ in: part, path, message }: ErrorDetail): string {
  const { one, whole } = PARTS[part];
  if (path === '') return `${whole} ${message}`;
  const name = part === 'body' ? path : path.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
  return `${one} "${name}" ${message}`;
}
