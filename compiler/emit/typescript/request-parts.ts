import type { JsonSchema } from '@plexica/types';
import { resolveReference } from '../../ir/dereference.ts';
import type { Plugin, Route } from '../../ir/program.ts';
import { isSchemaObject } from '../../ir/subschemas.ts';
import { type ObjectType, object, plain, type TypeNode, unknown } from './type-node.ts';
import { type TypeContext, typeOfSchema } from './type-of-schema.ts';

/** The type of a request's part (query, headers, body), its members in sight even where it is a named schema. */
export function typeOfPart(schema: JsonSchema, plugin: Plugin, context: TypeContext): TypeNode {
  return typeOfSchema(inSight(schema, plugin), context);
}

/** The path's parameters: all of them, text where the manifest says nothing. */
export function typeOfParams({ parameters, request, plugin }: Route, context: TypeContext): ObjectType {
  const declared = request.params === undefined ? unknown : typeOfPart(request.params, plugin, context);
  const properties = declared.kind === 'object' ? declared.properties : [];
  return object(
    parameters.map((name) => {
      const property = properties.find((candidate) => candidate.name === name);
      return { name, type: plain('string'), ...property, optional: false };
    }),
  );
}

function inSight(schema: JsonSchema, plugin: Plugin): JsonSchema {
  const resolved = resolveReference(schema, plugin.schemas);
  const { allOf } = resolved;
  if (!Array.isArray(allOf)) return resolved;
  return { ...resolved, allOf: allOf.map((part) => (isSchemaObject(part) ? inSight(part, plugin) : part)) };
}
