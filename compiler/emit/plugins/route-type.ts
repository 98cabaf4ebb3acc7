import type { JsonSchema } from '@plexica/types';
import type { Route } from '../../ir/program.ts';
import { typeContext } from '../typescript/type-context.ts';
import { object, type PropertyType, plain, type TypeNode, union } from '../typescript/type-node.ts';
import { typeOfSchema } from '../typescript/type-of-schema.ts';

/** A route's types in Fastify's form: `{ Params, Querystring, Headers, Body, Reply }`. */
export function routeType(route: Route): TypeNode {
  const { plugin, request, responses, parameters } = route;
  const checked = typeContext(plugin, 'checked', 'schemas.');
  const member = (name: string, schema: JsonSchema | undefined): PropertyType[] =>
    schema === undefined ? [] : [{ name, optional: false, type: typeOfSchema(schema, checked) }];
  return object([
    ...(request.params === undefined && parameters.length > 0
      ? [{ name: 'Params', optional: false, type: object(parameters.map(textParameter)) }]
      : member('Params', request.params)),
    ...member('Querystring', request.querystring),
    ...member('Headers', request.headers),
    ...member('Body', request.body),
    ...replyMember(route, responses),
  ]);
}

function textParameter(name: string): PropertyType {
  return { name, optional: false, type: plain('string') };
}

function replyMember({ plugin }: Route, responses: Route['responses']): PropertyType[] {
  if (responses.size === 0) return [];
  const sent = typeContext(plugin, 'sent', 'schemas.');
  const types = [...responses.values()].map((schema) => typeOfSchema(schema, sent));
  return [{ name: 'Reply', optional: false, type: union(types) }];
}
