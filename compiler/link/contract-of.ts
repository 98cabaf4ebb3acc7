import { digestOf } from '@plexica/types';
import type { NormalizeSchema } from '../ir/schema-normal-form.ts';
import type { MergedEndpoint } from './merge-declarations.ts';

/**
 * The digest of what a service promises: methods, paths, schemas of requests and responses. The order of
 * endpoints and the wording of schemas do not count, nor does the service's version.
 */
export function contractOf(endpoints: readonly MergedEndpoint[], normalize: NormalizeSchema): string {
  const promises = endpoints.map(({ method, path, request, responses }) => ({
    endpoint: `${method} ${path.value}`,
    params: request.params && normalize(request.params),
    querystring: request.querystring && normalize(request.querystring),
    headers: request.headers && normalize(request.headers),
    body: request.body && normalize(request.body),
    responses: Object.fromEntries([...responses].map(([status, schema]) => [status, normalize(schema)])),
  }));
  return digestOf(promises.sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1)));
}
