import { digestOf } from '@plexica/types';
import type { NormalizeSchema } from '../ir/schema-normal-form.ts';
import type { MergedEndpoint } from './merge-declarations.ts';

/**
 * The digest of what an endpoint promises: its method, its path, the schemas of its request and its answers. The wording of
 * schemas and the names of parts of them do not count.
 */
export function endpointContract(
  { method, path, webSocket, request, responses }: MergedEndpoint,
  normalize: NormalizeSchema,
): string {
  return digestOf({
    endpoint: `${method} ${path.value}`,
    webSocket: webSocket || undefined,
    params: request.params && normalize(request.params),
    querystring: request.querystring && normalize(request.querystring),
    headers: request.headers && normalize(request.headers),
    body: request.body && normalize(request.body),
    responses: Object.fromEntries([...responses].map(([status, schema]) => [status, normalize(schema)])),
  });
}

/**
 * The digest of what a service promises: what all of its endpoints do. Their order does not count, nor does the service's
 * version.
 *
 * @param endpoints the contracts of its endpoints
 */
export function serviceContract(endpoints: readonly string[]): string {
  return digestOf([...endpoints].sort());
}
