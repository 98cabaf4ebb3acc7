import type { JsonSchema } from '@plexica/types';
import type { Plugin, Route } from '../../ir/program.ts';
import { type Name, nameOf, printConstant } from '../typescript/literal.ts';
import { fastifySchema } from './fastify-schema.ts';

/** Routes as Fastify takes them, and the named schemas that they are made of. */
export interface RouteDefinitions {
  /** A constant for each named schema in use, in an order in which each comes before those that use it. */
  readonly constants: readonly string[];
  /** By operation id. */
  readonly routes: object;
}

export function routeDefinitions({ routes, schemas }: Plugin): RouteDefinitions {
  const constants: string[] = [];
  const defined = new Map<string, Name>();
  const named = (name: string): Name | undefined => {
    const known = defined.get(name);
    if (known !== undefined) return known;
    const target = schemas.get(name);
    if (target === undefined) return undefined;
    const constant = nameOf(`${name}Schema`);
    defined.set(name, constant);
    // What it refers to is defined first.
    const schema = fastifySchema(target.schema, named);
    constants.push(printConstant(`const ${name}Schema: object = `, schema, ';'));
    return constant;
  };
  const definitions = routes.map(
    (route) => [route.operationId.value, routeDefinition(route, named)] as const,
  );
  return { constants, routes: Object.fromEntries(definitions) };
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
