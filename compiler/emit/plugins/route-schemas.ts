import type { JsonSchema } from '@plexica/types';
import { dereference } from '../../ir/dereference.ts';
import type { Route } from '../../ir/program.ts';

/** A route's JSON Schemas in Fastify's form, with every named schema in its place. */
export function routeSchemas(route: Route): Readonly<Record<string, unknown>> {
  const whole = (schema: JsonSchema | undefined) =>
    schema === undefined ? undefined : dereference(schema, route.plugin.schemas);
  const { params, querystring, headers, body } = route.request;
  const responses = [...route.responses].map(([status, schema]) => [status, whole(schema)] as const);
  return {
    params: whole(params),
    querystring: whole(querystring),
    headers: whole(headers),
    body: whole(body),
    response: responses.length === 0 ? undefined : Object.fromEntries(responses),
  };
}
