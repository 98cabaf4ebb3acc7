import { quote } from '../diagnostics/quote.ts';
import { pathShape } from '../ir/path-shape.ts';
import type { Plugin, Program, Route, Service } from '../ir/program.ts';
import { clientMembers, languageWords, reservedTypes } from '../ir/reserved-names.ts';
import type { Span } from '../ir/source.ts';
import { objectSchema } from './object-schema.ts';
import { pathProblems } from './path-problems.ts';

/** Something that takes a name in generated code. */
export interface NameClaim {
  /** Names must differ within one scope. */
  readonly scope: string;
  readonly name: string;
  /** What the name is for, as `the method contacts.list()`. */
  readonly role: string;
  /** What claims it: `endpoint GET /contacts`. */
  readonly claimant: string;
  readonly at: Span;
  /** What to do about a clash. */
  readonly help: string;
  /** Two claims with one origin are one thing that is declared twice, which another rule reports. */
  readonly origin: string;
  /** Names of this scope that nothing may take, with the reason. */
  readonly reserved?: ReadonlySet<string>;
  readonly reason?: string;
}

const RENAME_ENDPOINT = 'give one of the endpoints another "operationId"';

/** All names that generated code is going to have, but for those that cannot clash. */
export function* nameClaims({ plugins, services }: Program): Generator<NameClaim> {
  for (const plugin of plugins) {
    yield pluginClaim(plugin);
    yield* schemaClaims(plugin);
    for (const route of plugin.routes) {
      if (pathProblems(route.path.value).length > 0) continue;
      // The OpenAPI documents hold what users may call.
      if (route.users) yield operationClaim(route);
      yield* inputClaims(route);
    }
  }
  for (const service of services) {
    yield serviceClaim(service);
    yield* methodClaims(service);
  }
}

function pluginClaim({ id, identifier }: Plugin): NameClaim {
  return {
    scope: 'plugins',
    name: identifier,
    role: 'the identifier',
    claimant: `plugin ${quote(id.value)}`,
    at: id.span,
    help: 'change the id of one of the plugins',
    origin: id.value,
    reserved: languageWords,
    reason: 'a word of JavaScript',
  };
}

function serviceClaim({ name, typeName }: Service): NameClaim {
  return {
    scope: 'services',
    name: typeName,
    role: 'the type',
    claimant: `service ${quote(name.value)}`,
    at: name.span,
    help: 'change the name of one of the services',
    origin: name.value,
    reserved: reservedTypes,
    reason: 'a word of TypeScript',
  };
}

function* methodClaims({ endpoints, name, plugin }: Service): Generator<NameClaim> {
  for (const { route, methodName } of endpoints) {
    if (pathProblems(route.path.value).length > 0) continue;
    yield {
      scope: `methods of ${plugin.manifest.file.path} ${name.span.start}`,
      name: methodName.value,
      role: `the method of the client of ${quote(name.value)}`,
      claimant: `endpoint ${quote(`${route.method} ${route.path.value}`)}`,
      at: methodName.span,
      help: `${RENAME_ENDPOINT} in "api.services"`,
      origin: requestOf(route),
      reserved: clientMembers,
      reason: 'a member that every client has',
    };
  }
}

function operationClaim(route: Route): NameClaim {
  return {
    scope: `operations of ${route.plugin.manifest.file.path}`,
    name: route.operationId.value,
    role: 'the operation',
    claimant: `endpoint ${quote(`${route.method} ${route.path.value}`)}`,
    at: route.operationId.span,
    help: `${RENAME_ENDPOINT} in "backend.endpoints"`,
    origin: requestOf(route),
  };
}

function* schemaClaims({ manifest, schemas, services }: Plugin): Generator<NameClaim> {
  const scope = `types of ${manifest.file.path}`;
  for (const { name } of schemas.values()) {
    yield {
      scope,
      name: name.value,
      role: 'the type',
      claimant: `schema ${quote(name.value)}`,
      at: name.span,
      help: 'change the name of the schema',
      origin: `schema ${name.value}`,
      reserved: reservedTypes,
      reason: 'a word of TypeScript',
    };
  }
  for (const { name, typeName } of services) {
    yield {
      scope,
      name: typeName,
      role: 'the type',
      claimant: `service ${quote(name.value)}`,
      at: name.span,
      help: 'change the name of the schema',
      // Services among themselves are compared across all plugins.
      origin: 'service',
    };
  }
}

/** A client's method takes one object: path parameters and query side by side, the body and the headers by name. */
function* inputClaims(route: Route): Generator<NameClaim> {
  const { parameters, plugin, request, path, label } = route;
  const parts = [
    { what: 'path parameter', names: [...new Set(parameters)] },
    { what: 'query parameter', names: namesIn(request.querystring, plugin) },
    {
      what: 'request',
      names: ['body', 'headers'].filter(
        (part) => (part === 'body' ? request.body : request.headers) !== undefined,
      ),
    },
  ];
  for (const { what, names } of parts) {
    for (const name of names) {
      yield {
        scope: `input of ${label} ${path.span.start}`,
        name,
        role: `the input ${quote(name)} of ${label}`,
        claimant: what === 'request' ? `the ${name} of the request` : `${what} ${quote(name)}`,
        at: path.span,
        help: 'change the name of the parameter',
        origin: what,
      };
    }
  }
}

function namesIn(schema: Route['request']['querystring'], { schemas }: Plugin): string[] {
  return schema === undefined ? [] : [...objectSchema(schema, schemas).properties.keys()];
}

function requestOf({ method, path }: Route): string {
  return `${method} ${pathShape(path.value)}`;
}
