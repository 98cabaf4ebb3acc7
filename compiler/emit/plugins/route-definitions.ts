import type { JsonSchema } from '@plexica/types';
import type { Plugin, Route } from '../../ir/program.ts';
import type { Layout } from '../typescript/layout.ts';
import { type Name, nameOf, printLiteral } from '../typescript/literal.ts';
import { fastifySchema } from './fastify-schema.ts';

/** Routes as Fastify takes them, and the named schemas that they are made of. */
export interface RouteDefinitions {
  /** A constant for each named schema in use, in an order in which each comes before those that use it. */
  readonly constants: readonly Layout[];
  /** By operation id. */
  readonly routes: Layout;
}

export function routeDefinitions({ routes, schemas }: Plugin): RouteDefinitions {
  const constants: Layout[] = [];
  const defined = new Map<string, Name>();
  const named = (name: string): Name | undefined => {
    const known = defined.get(name);
    if (known !== undefined) return known;
    const target = schemas.get(name);
    if (target === undefined) return undefined;
    const constant = nameOf(`${name}Schema`);
    defined.set(name, constant);
    // What it refers to is defined first.
    const value = printLiteral(fastifySchema(target.schema, named));
    constants.push([`const ${name}Schema = `, value, ';']);
    return constant;
  };
  const definitions = routes.map(
    (route) => [route.operationId.value, routeDefinition(route, named)] as const,
  );
  return { constants, routes: printLiteral(Object.fromEntries(definitions)) };
}

function routeDefinition(
  { method, path, request, responses }: Route,
  named: (name: string) => Name | undefined,
): object {
  const convert = (schema: JsonSchema | undefined) =>
    schema === undefined ? undefined : fastifySchema(schema, named);
  const { params, querystring, headers, body } = request;
  return {
    method,
    url: path.value,
    schema: {
      params: convert(params),
      querystring: convert(querystring),
      headers: convert(headers),
      body: convert(body),
      response:
        responses.size === 0
          ? undefined
          : Object.fromEntries([...responses].map(([status, schema]) => [status, convert(schema)])),
    },
  };
}
