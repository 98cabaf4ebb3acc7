import { quote } from '../diagnostics/quote.ts';
import { calledEndpoints } from '../ir/called-endpoints.ts';
import { spanAt } from '../ir/document.ts';
import { pathShape } from '../ir/path-shape.ts';
import type { Plugin, Program, Route, Service } from '../ir/program.ts';
import { clientMembers, reservedServiceTypes, reservedTypes } from '../ir/reserved-names.ts';
import type { Span } from '../ir/source.ts';
import { configFields } from './config-fields.ts';
import { objectSchema } from './object-schema.ts';
import { pathProblems } from './path-problems.ts';

/** Something that takes a name in generated code. */
export interface NameClaim {
  /** Names must differ within one scope. */
  readonly scope: string;
  readonly name: string;
  /** What claims it: `endpoint "GET /contacts"`. */
  readonly claimant: () => string;
  readonly at: Span;
  /** What to do about a clash. */
  readonly help: string;
  /** Two claims with one origin are of one thing, or of one that another rule reports to be there twice. */
  readonly origin: string;
  /** Names of this scope that nothing may take. */
  readonly reserved: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();
const PROTOTYPE: ReadonlySet<string> = new Set(['__proto__']);

/** All names that generated code is going to have, but for those that cannot clash. */
export function* nameClaims({ plugins, services }: Program): Generator<NameClaim> {
  for (const service of services) {
    yield serviceClaim(service);
    yield* methodClaims(service);
  }
  for (const plugin of plugins) {
    yield* pluginClaims(plugin);
    yield* schemaClaims(plugin);
    yield* settingClaims(plugin);
    yield* eventClaims(plugin);
    for (const route of plugin.routes) {
      if (pathProblems(route.path.value).length > 0) continue;
      yield operationClaim(route);
      yield* inputClaims(route);
    }
  }
}

/** Its identifier stands before the names of the merged OpenAPI document, its type before `Dependencies`. */
function* pluginClaims({ id, identifier, typeName }: Plugin): Generator<NameClaim> {
  const claim = {
    claimant: () => `plugin ${quote(id.value)}`,
    at: id.span,
    help: 'change the id of one of the plugins',
    origin: `plugin ${id.value}`,
    reserved: NOTHING,
  };
  yield { ...claim, scope: 'plugins', name: identifier };
  yield { ...claim, scope: 'facades', name: `${typeName}Dependencies` };
}

/** Its type and, in camel case, the function that makes its client. */
function serviceClaim({ name, typeName }: Service): NameClaim {
  return {
    scope: 'facades',
    name: typeName,
    claimant: () => `service ${quote(name.value)}`,
    at: name.span,
    help: 'change the name of the service',
    origin: `service ${name.value}`,
    reserved: reservedServiceTypes,
  };
}

function* methodClaims(service: Service): Generator<NameClaim> {
  const { name, plugin } = service;
  for (const { route, methodName } of calledEndpoints(service)) {
    if (pathProblems(route.path.value).length > 0) continue;
    yield {
      scope: `methods ${plugin.manifest.file.path} ${name.span.start}`,
      name: methodName.value,
      claimant: () => endpointName(route),
      at: methodName.span,
      help: 'give one of the endpoints another "operationId" in "api.services"',
      origin: requestOf(route),
      reserved: clientMembers,
    };
  }
}

function operationClaim(route: Route): NameClaim {
  return {
    scope: `operations ${route.plugin.manifest.file.path}`,
    name: route.operationId.value,
    claimant: () => endpointName(route),
    at: route.operationId.span,
    help: route.users
      ? 'give one of the endpoints another "operationId" in "backend.endpoints"'
      : 'change the path of one of the endpoints',
    origin: requestOf(route),
    reserved: PROTOTYPE,
  };
}

function* schemaClaims({ manifest, schemas, typeName }: Plugin): Generator<NameClaim> {
  // The plugin's own module has these types, and `configSchema` beside a constant `<name>Schema` for each schema.
  const reserved = new Set([...reservedTypes, 'Routes', `${typeName}Config`, 'config']);
  for (const { name } of schemas.values()) {
    yield {
      scope: `schemas ${manifest.file.path}`,
      name: name.value,
      claimant: () => `schema ${quote(name.value)}`,
      at: name.span,
      help: 'change the name of the schema',
      origin: `schema ${name.value}`,
      reserved,
    };
  }
}

function* settingClaims(plugin: Plugin): Generator<NameClaim> {
  for (const { field, node } of configFields(plugin)) {
    const { key } = field;
    yield {
      scope: `settings ${plugin.manifest.file.path}`,
      name: key,
      claimant: () => `setting ${quote(key)}`,
      at: spanAt(node, ['key']),
      help: 'change the key of the setting',
      origin: `setting ${key}`,
      reserved: PROTOTYPE,
    };
  }
}

/** The types of the payloads stand in one file. */
function* eventClaims({ manifest, publishes }: Plugin): Generator<NameClaim> {
  for (const { name, typeName, span } of publishes) {
    if (span === undefined) continue;
    yield {
      scope: `events ${manifest.file.path}`,
      name: typeName,
      claimant: () => `event ${quote(name)}`,
      at: span,
      help: 'change the name of the event',
      origin: `event ${name}`,
      reserved: reservedTypes,
    };
  }
}

/** A client's method takes one object: path parameters and query side by side, the body and the headers by name. */
function* inputClaims(route: Route): Generator<NameClaim> {
  const { parameters, plugin, request, path, label } = route;
  const place = `${label} ${path.span.start}`;
  const claim = {
    scope: `input ${place}`,
    at: path.span,
    help: 'change the name of the parameter',
    reserved: PROTOTYPE,
  };
  for (const name of new Set(parameters)) {
    yield {
      ...claim,
      name,
      claimant: () => `path parameter ${quote(name)}`,
      origin: `path ${place} ${name}`,
    };
  }
  for (const name of namesIn(request.querystring, plugin)) {
    yield {
      ...claim,
      name,
      claimant: () => `query parameter ${quote(name)}`,
      origin: `query ${place} ${name}`,
    };
  }
  for (const part of ['body', 'headers'] as const) {
    if (request[part] === undefined) continue;
    yield { ...claim, name: part, claimant: () => `the ${part} of ${label}`, origin: `${part} ${place}` };
  }
}

function namesIn(schema: Route['request']['querystring'], { schemas }: Plugin): Iterable<string> {
  return schema === undefined ? [] : objectSchema(schema, schemas).properties.keys();
}

function endpointName({ method, path }: Route): string {
  return `endpoint ${quote(`${method} ${path.value}`)}`;
}

function requestOf({ method, path, plugin }: Route): string {
  return `${method} ${pathShape(path.value)} of ${plugin.id.value}`;
}
