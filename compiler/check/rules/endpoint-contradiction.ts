import { digestOf } from '@plexica/types';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/quote.ts';
import { keySpanAt, type Path, spanAt } from '../../ir/document.ts';
import { pathParameters } from '../../ir/path-shape.ts';
import type { Declaration, Route } from '../../ir/program.ts';
import { type NormalizeSchema, schemaNormalizer } from '../../ir/schema-normal-form.ts';
import type { Rule } from '../rule.ts';

/** What a manifest says about one endpoint, in one place or in several, fits together. */
export const endpointContradiction: Rule = {
  code: 'PLX4004',
  name: 'endpoint-contradiction',
  severity: 'error',

  *check({ plugins }) {
    for (const { routes, schemas } of plugins) {
      const normalize = schemaNormalizer(schemas);
      for (const route of routes) {
        for (const declaration of route.declarations) yield* within(declaration, route);
        if (route.declarations.length > 1) yield* among(route, normalize);
      }
    }
  },
};

/** What one declaration says twice, or cannot mean. */
function* within({ endpoint, node }: Declaration, { label, method }: Route): Generator<Finding> {
  const { schema, body, returns, auth, requiresAuth } = endpoint;
  if (schema?.body !== undefined && body !== undefined) {
    yield twice(`${label} has two schemas of its body`, node, ['body'], ['schema', 'body']);
  }
  const success = Object.keys(schema?.response ?? {}).find((status) => status.startsWith('2'));
  if (returns !== undefined && success !== undefined) {
    const path = ['schema', 'response', success];
    yield twice(`${label} has two schemas of its successful answer`, node, ['returns'], path);
  }
  if (auth !== undefined && requiresAuth !== undefined && auth !== requiresAuth) {
    yield twice(
      `${label} says both that a user must be signed in and that none must`,
      node,
      ['requiresAuth'],
      ['auth'],
    );
  }
  if (method === 'GET' && (body ?? schema?.body) !== undefined) {
    const path = body === undefined ? ['schema', 'body'] : ['body'];
    yield {
      at: keySpanAt(node, path),
      message: `${label} cannot have a body: servers ignore or refuse the body of a GET request`,
      label: 'a body',
      help: 'describe a query in "schema.querystring", or use POST',
    };
  }
}

function twice(message: string, node: Declaration['node'], path: Path, other: Path): Finding {
  return {
    at: keySpanAt(node, path),
    message,
    label: 'said again here',
    related: [{ at: keySpanAt(node, other), label: 'said here' }],
    help: `remove ${quote(path.join('.'))} or ${quote(other.join('.'))}`,
  };
}

/** One thing that a declaration says. */
interface Statement {
  readonly what: string;
  /** A text that is equal for equal things. */
  readonly says: () => string;
  readonly path: Path;
}

/** What several declarations of one endpoint say differently. What only one says is no contradiction. */
function* among({ label, declarations }: Route, normalize: NormalizeSchema): Generator<Finding> {
  const first = new Map<
    string,
    { readonly says: () => string; readonly declaration: Declaration; readonly path: Path }
  >();
  for (const declaration of declarations) {
    for (const { what, says, path } of statementsOf(declaration, normalize)) {
      const earlier = first.get(what);
      if (earlier === undefined) {
        first.set(what, { says, declaration, path });
      } else if (earlier.says() !== says()) {
        yield {
          at: spanAt(declaration.node, path),
          message: `the declarations of ${label} disagree on ${what}`,
          label: 'says this',
          related: [
            {
              at: spanAt(earlier.declaration.node, earlier.path),
              label: `${placeOf(earlier.declaration)} says this`,
            },
          ],
          help: 'let both say the same, or let only one of them say it',
        };
      }
    }
  }
}

function placeOf({ service }: Declaration): string {
  return service === undefined ? '"backend.endpoints"' : `service ${quote(service.name.value)}`;
}

function* statementsOf(
  { endpoint, request, responses }: Declaration,
  normalize: NormalizeSchema,
): Generator<Statement> {
  const names = pathParameters(endpoint.path);
  yield { what: 'the names of its parameters', says: () => names.join('/'), path: ['path'] };
  for (const part of ['params', 'querystring', 'headers'] as const) {
    const schema = request[part];
    if (schema !== undefined) {
      yield { what: `"schema.${part}"`, says: () => digestOf(normalize(schema)), path: ['schema', part] };
    }
  }
  const { body } = request;
  if (body !== undefined) {
    const path = endpoint.schema?.body === undefined ? ['body'] : ['schema', 'body'];
    yield { what: 'the schema of its body', says: () => digestOf(normalize(body)), path };
  }
  for (const [status, schema] of responses) {
    const isLong = endpoint.schema?.response !== undefined && Object.hasOwn(endpoint.schema.response, status);
    const path = isLong ? ['schema', 'response', status] : ['returns'];
    yield {
      what: `the schema of its answer with status ${status}`,
      says: () => digestOf(normalize(schema)),
      path,
    };
  }
  const auth = endpoint.auth ?? endpoint.requiresAuth;
  if (auth !== undefined) {
    const path = endpoint.auth === undefined ? ['requiresAuth'] : ['auth'];
    yield { what: 'whether a user must be signed in', says: () => String(auth), path };
  }
  for (const key of ['timeoutMs', 'idempotent', 'rateLimit', 'validateBody', 'webSocket'] as const) {
    if (endpoint[key] !== undefined)
      yield { what: `"${key}"`, says: () => digestOf(endpoint[key]), path: [key] };
  }
}
