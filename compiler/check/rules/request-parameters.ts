import type { Finding } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/quote.ts';
import { type NamedSchemas, resolveReference } from '../../ir/dereference.ts';
import { keySpanAt, type Path, spanAt } from '../../ir/document.ts';
import type { Declaration, Plugin } from '../../ir/program.ts';
import { isSchemaObject } from '../../ir/subschemas.ts';
import { objectSchema, typesOf } from '../object-schema.ts';
import type { Rule } from '../rule.ts';

/** The query and the headers of a request are named scalars, or lists of them. */
export const requestParameters: Rule = {
  code: 'PLX4013',
  name: 'request-parameters',
  severity: 'error',

  *check({ routes }) {
    for (const { plugin, declarations } of routes) {
      for (const declaration of declarations) {
        yield* parametersIn('querystring', declaration, plugin);
        yield* parametersIn('headers', declaration, plugin);
      }
    }
  },
};

function* parametersIn(
  part: 'querystring' | 'headers',
  { node, request }: Declaration,
  { schemas }: Plugin,
): Generator<Finding> {
  const schema = request[part];
  if (schema === undefined) return;
  const path: Path = ['schema', part];
  const { properties, types } = objectSchema(schema, schemas);
  if (types.length > 0 && !types.includes('object')) {
    yield {
      at: spanAt(node, path),
      message: `"schema.${part}" is not the schema of an object`,
      help: 'write { "type": "object", "properties": { … } } with a property for each name',
    };
    return;
  }
  const what = part === 'headers' ? 'header' : 'query parameter';
  for (const [name, property] of properties) {
    if (property === undefined || !holdsObjects(property, schemas)) continue;
    yield {
      at: keySpanAt(node, [...path, 'properties', name]),
      message: `the ${what} ${quote(name)} cannot hold an object`,
      label: 'a text in the request',
      help: 'make it a scalar or a list of scalars, or move it into the body',
    };
  }
}

function holdsObjects(schema: Parameters<typeof typesOf>[0], schemas: NamedSchemas): boolean {
  const types = typesOf(schema, schemas);
  if (types.includes('object')) return true;
  const { items } = resolveReference(schema, schemas);
  if (!types.includes('array') || !isSchemaObject(items)) return false;
  return typesOf(items, schemas).some((type) => type === 'object' || type === 'array');
}
