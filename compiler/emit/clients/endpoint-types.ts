import type { ServiceEndpoint } from '../../ir/program.ts';
import { typeContext } from '../typescript/type-context.ts';
import {
  intersection,
  object,
  type PropertyType,
  plain,
  reference,
  type TypeNode,
  unknown,
} from '../typescript/type-node.ts';
import { type TypeContext, typeOfSchema } from '../typescript/type-of-schema.ts';

/** What a client's method takes: path parameters and query side by side, body and headers under their names. */
export function inputType({ route }: ServiceEndpoint): TypeNode {
  const context = typeContext(route.plugin, 'sent', 'schemas.');
  const { params, querystring, body, headers } = route.request;
  const typed = new Map(propertiesOf(params, context).map((property) => [property.name, property]));
  const parameters = route.parameters.map((name): PropertyType => {
    const property = typed.get(name) ?? { name, type: plain('string'), optional: false };
    return { ...property, optional: false };
  });
  const parts: PropertyType[] = [];
  if (headers !== undefined) {
    const type = typeOfSchema(headers, context);
    parts.push({ name: 'headers', type, optional: !hasRequired(type) });
  }
  if (body !== undefined) parts.push({ name: 'body', type: typeOfSchema(body, context), optional: false });
  return object([...parameters, ...propertiesOf(querystring, context), ...parts]);
}

/** Whether a method can be called without an input. */
export function isInputOptional(input: TypeNode): boolean {
  return !hasRequired(input);
}

/** What a client's method resolves with. */
export function answerType({ route }: ServiceEndpoint): TypeNode {
  const { answer, plugin } = route;
  const context = typeContext(plugin, 'sent', 'schemas.');
  switch (answer.kind) {
    case 'data':
    case 'whole':
      return typeOfSchema(answer.schema, context);
    case 'list':
      return reference('List', typeOfSchema(answer.schema, context));
    case 'message':
      return reference('Message');
    case 'unknown':
      return unknown;
  }
}

function propertiesOf(schema: unknown, context: TypeContext): readonly PropertyType[] {
  if (schema === undefined) return [];
  const type = intersection([typeOfSchema(schema, context)]);
  return type.kind === 'object' ? type.properties : [];
}

function hasRequired(type: TypeNode): boolean {
  return type.kind !== 'object' || type.properties.some(({ optional }) => !optional);
}
