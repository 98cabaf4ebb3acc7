import type { Finding } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { quote } from '../../diagnostics/quote.ts';
import { keySpanAt, locatedAt, type Path, spanAt } from '../../ir/document.ts';
import { pathParameters as parametersOf } from '../../ir/path-shape.ts';
import type { Declaration, Plugin } from '../../ir/program.ts';
import { spanWithin } from '../../ir/source.ts';
import { objectSchema, typesOf } from '../object-schema.ts';
import { pathProblems } from '../path-problems.ts';
import type { Rule } from '../rule.ts';

const SCALARS = new Set(['string', 'number', 'integer', 'boolean']);
const PARAMS: Path = ['schema', 'params'];

/** `schema.params` describes exactly the parameters of the path, each a required scalar. */
export const pathParameters: Rule = {
  code: 'PLX4003',
  name: 'path-parameters',
  severity: 'error',

  *check({ routes }) {
    for (const { plugin, declarations } of routes) {
      for (const declaration of declarations) {
        // A path that cannot be read has no parameters to speak of.
        if (pathProblems(declaration.endpoint.path).length > 0) continue;
        yield* repeated(declaration);
        yield* described(declaration, plugin);
      }
    }
  },
};

function* repeated({ endpoint: { path }, node }: Declaration): Generator<Finding> {
  const written = locatedAt(node, ['path'], path);
  const seen = new Set<string>();
  for (const match of path.matchAll(/:([^/]*)/g)) {
    const [whole, name = ''] = match;
    if (seen.has(name)) {
      yield {
        at: spanWithin(written, match.index, match.index + whole.length),
        message: `the path ${quote(path)} has two parameters ${quote(name)}`,
        label: 'named before',
        help: 'give each parameter a name of its own',
      };
    }
    seen.add(name);
  }
}

function* described({ endpoint: { path }, node, request }: Declaration, plugin: Plugin): Generator<Finding> {
  if (request.params === undefined) return;
  const { properties, required, isOpen, types } = objectSchema(request.params, plugin.schemas);
  if (types.length > 0 && !types.includes('object')) {
    yield {
      at: spanAt(node, PARAMS),
      message: `"schema.params" of ${quote(path)} is not the schema of an object`,
      help: 'write { "type": "object", "properties": { … } } with a property for each parameter',
    };
    return;
  }
  const parameters = [...new Set(parametersOf(path))];
  const unknown = [...properties.keys()].filter((name) => !parameters.includes(name));
  // A property with a similar name is the same cause as the parameter that is not described.
  const slips = new Set(unknown.map((name) => nearest(name, parameters)));
  const pathSpan = spanAt(node, ['path']);
  for (const name of unknown) {
    const meant = nearest(name, parameters);
    yield {
      at: keySpanAt(node, [...PARAMS, 'properties', name]),
      message: `the path ${quote(path)} has no parameter ${quote(name)}`,
      label: 'no such parameter',
      related: [{ at: pathSpan, label: 'the path' }],
      help:
        meant === undefined
          ? 'remove it, or put it into "schema.querystring"'
          : `change it to ${quote(meant)}`,
    };
  }
  for (const name of parameters) {
    const property = properties.get(name);
    if (!properties.has(name)) {
      if (isOpen || slips.has(name)) continue;
      yield {
        at: spanAt(node, PARAMS),
        message: `"schema.params" says nothing about the parameter ${quote(name)} of ${quote(path)}`,
        label: `no property ${quote(name)}`,
        related: [{ at: pathSpan, label: 'the path' }],
        help: `add ${quote(name)}: { "type": "string" } to its "properties"`,
      };
      continue;
    }
    const at = keySpanAt(node, [...PARAMS, 'properties', name]);
    const other = property && typesOf(property, plugin.schemas).find((type) => !SCALARS.has(type));
    if (other !== undefined) {
      yield {
        at,
        message: `the path parameter ${quote(name)} cannot be of type ${quote(other)}`,
        label: 'one segment of a path',
        help: 'make it a string, a number, an integer or a boolean',
      };
    }
    if (!required.has(name) && !isOpen) {
      yield {
        at,
        message: `the path parameter ${quote(name)} is not required, but a path always has it`,
        label: 'not in "required"',
        help: `add ${quote(name)} to "required" of "schema.params"`,
      };
    }
  }
}
