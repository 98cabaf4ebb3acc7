import type { Plugin, Route } from '../../ir/program.ts';
import { typeOfParams, typeOfPart } from '../typescript/request-parts.ts';
import { typeContext } from '../typescript/schema-types.ts';
import { object, type PropertyType, reference, type TypeNode, unknown } from '../typescript/type-node.ts';
import { typeOfSchema } from '../typescript/type-of-schema.ts';

/** For each route what Fastify's generics want: `Params`, `Querystring`, `Headers`, `Body` and `Reply`. */
export function routeTypes(plugin: Plugin): PropertyType[] {
  return plugin.routes.map((route) => ({
    name: route.operationId.value,
    optional: false,
    type: object(partsOf(route, plugin)),
    text: [route.description ?? route.summary, `\`${route.method} ${route.path.value}\``]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    deprecated: route.deprecated,
  }));
}

function partsOf(route: Route, plugin: Plugin): PropertyType[] {
  const { params, querystring, headers, body } = route.request;
  // The backend sees requests when they have been checked and defaults are filled in.
  const checked = typeContext(plugin, { scope: 'schemas', values: 'checked' });
  const parts: [string, TypeNode | undefined][] = [
    [
      'Params',
      route.parameters.length > 0 || params !== undefined ? typeOfParams(route, checked) : undefined,
    ],
    ['Querystring', querystring && typeOfPart(querystring, plugin, checked)],
    ['Headers', headers && typeOfPart(headers, plugin, checked)],
    ['Body', body && typeOfSchema(body, checked)],
    ['Reply', replyType(route, plugin)],
  ];
  return parts.flatMap(([name, type]) => (type === undefined ? [] : [{ name, optional: false, type }]));
}

/** By status, as Fastify wants it. Errors are the guide's, unless the manifest describes them. */
function replyType({ responses }: Route, plugin: Plugin): TypeNode {
  if (responses.size === 0) return unknown;
  const sent = typeContext(plugin, { scope: 'schemas' });
  const types = new Map([...responses].map(([status, schema]) => [status, typeOfSchema(schema, sent)]));
  // Fastify's types know codes and classes of codes alone.
  const failure = types.get('default') ?? reference('ErrorAnswer');
  types.delete('default');
  for (const status of ['4xx', '5xx']) if (!types.has(status)) types.set(status, failure);
  const statuses = [...types].sort(([a], [b]) => (a < b ? -1 : 1));
  return object(statuses.map(([name, type]) => ({ name, optional: false, type })));
}
