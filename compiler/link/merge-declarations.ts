import { type JsonSchema, milliseconds, type PluginEndpoint } from '@plexica/types';
import type { NamedSchemas } from '../ir/dereference.ts';
import { locatedAt } from '../ir/document.ts';
import { deriveOperationId } from '../ir/identifiers.ts';
import { pathParameters } from '../ir/path-shape.ts';
import { permissionName } from '../ir/permission-name.ts';
import type { RequestSchemas, Route } from '../ir/program.ts';
import type { Located } from '../ir/source.ts';
import { detectAnswer } from './detect-answer.ts';
import { type ExpandedEndpoint, expandEndpoint } from './expand-endpoint.ts';
import type { DeclarationGroup, EndpointDeclaration } from './group-declarations.ts';

/** What the declarations of one request say together: a route, but for the plugin that owns it. */
export interface MergedEndpoint extends Omit<Route, 'plugin' | 'label' | 'declarations' | 'contract'> {
  readonly declarations: readonly ExpandedDeclaration[];
}

/** A declaration with its short forms written out. */
export type ExpandedDeclaration = EndpointDeclaration & ExpandedEndpoint;

export interface MergeContext {
  readonly pluginId: string;
  readonly schemas: NamedSchemas;
  readonly inlineFiles: (schema: JsonSchema) => JsonSchema;
}

/** Merges the declarations of one request. Of what they contradict each other in, the first counts. */
export function mergeDeclarations(group: DeclarationGroup, context: MergeContext): MergedEndpoint {
  const { method, path } = group;
  const declarations: ExpandedDeclaration[] = group.declarations.map((declaration) => ({
    ...declaration,
    ...expandEndpoint(declaration.endpoint, context.inlineFiles),
  }));
  const first = <K extends keyof PluginEndpoint>(key: K): PluginEndpoint[K] | undefined =>
    declarations.find(({ endpoint }) => endpoint[key] !== undefined)?.endpoint[key];
  const part = (key: keyof RequestSchemas) =>
    declarations.map(({ request }) => request[key]).find((schema) => schema !== undefined);

  const responses = new Map<string, JsonSchema>();
  for (const declaration of declarations) {
    for (const [status, schema] of declaration.responses) {
      if (!responses.has(status)) responses.set(status, schema);
    }
  }
  return {
    declarations,
    method,
    path,
    users: declarations.some(({ serviceIndex }) => serviceIndex === undefined),
    auth: authOf(declarations),
    permissions: permissionsOf(declarations, context.pluginId),
    operationId: operationIdOf(group),
    summary: first('summary'),
    description: first('description'),
    tags: first('tags') ?? [],
    deprecated: first('deprecated') ?? false,
    timeoutMs: first('timeoutMs'),
    idempotent: first('idempotent') ?? (method === 'GET' || method === 'PUT' || method === 'DELETE'),
    rateLimit: rateLimitOf(first('rateLimit')),
    validateBody: first('validateBody') ?? true,
    webSocket: first('webSocket') ?? false,
    parameters: pathParameters(path.value),
    request: {
      params: part('params'),
      querystring: part('querystring'),
      headers: part('headers'),
      body: part('body'),
    },
    responses,
    answer: detectAnswer(responses, context.schemas),
  };
}

function authOf(declarations: readonly EndpointDeclaration[]): boolean {
  const stated = declarations.map(({ endpoint }) => endpoint.auth ?? endpoint.requiresAuth);
  return stated.find((auth) => auth !== undefined) ?? true;
}

/** A name that is not in a known form stays as it is written, for rule `unknown-permission`. */
function permissionsOf(declarations: readonly EndpointDeclaration[], pluginId: string): Located<string>[] {
  const permissions = new Map<string, Located<string>>();
  for (const { endpoint, node } of declarations) {
    for (const [index, text] of (endpoint.permissions ?? []).entries()) {
      const name = permissionName(text, pluginId) ?? text;
      if (!permissions.has(name)) permissions.set(name, locatedAt(node, ['permissions', index], name));
    }
  }
  return [...permissions.values()];
}

/** A service's `operationId` names the client's method and nothing else. */
function operationIdOf({ method, path, declarations }: DeclarationGroup): Located<string> {
  for (const { serviceIndex, endpoint, node } of declarations) {
    if (serviceIndex === undefined && endpoint.operationId !== undefined) {
      return locatedAt(node, ['operationId'], endpoint.operationId);
    }
  }
  return { value: deriveOperationId(method, path.value), span: path.span };
}

function rateLimitOf(rateLimit: PluginEndpoint['rateLimit']): Route['rateLimit'] {
  return rateLimit && { max: rateLimit.max, windowMs: milliseconds(rateLimit.window) };
}
