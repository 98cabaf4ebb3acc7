import type { JsonSchema } from '@plexica/types';
import type { ParameterLocation, ParameterObject } from 'openapi3-ts/oas31';
import { resolveReference } from '../../ir/dereference.ts';
import type { Route } from '../../ir/program.ts';
import { escapeMarkdown } from './markdown.ts';
import { schemaObject } from './schema.ts';
import { type SchemaMember, schemaMembers } from './schema-members.ts';
import type { Scope } from './scope.ts';

/** What an endpoint takes beside its body: the path's parameters in their order, then the query, then headers. */
export function parameters(
  route: Route,
  /** What the document's path calls its parameters, by position. */
  templateNames: readonly string[],
  scope: Scope,
): ParameterObject[] {
  const inPath = schemaMembers(route.request.params, scope);
  const inQuery = schemaMembers(route.request.querystring, scope);
  const inHeaders = [...schemaMembers(route.request.headers, scope)].filter(([name]) => isOpenHeader(name));
  return [
    ...route.parameters.map((name, position) => {
      const { schema } = inPath.get(name) ?? { schema: { type: 'string' } };
      return parameter('path', templateNames[position] ?? name, { schema, required: true }, scope);
    }),
    ...[...inQuery].map(([name, member]) => parameter('query', name, member, scope)),
    ...inHeaders.map(([name, member]) => parameter('header', name, member, scope)),
  ];
}

function parameter(
  location: ParameterLocation,
  name: string,
  { schema, required }: SchemaMember,
  scope: Scope,
): ParameterObject {
  const { description, deprecated, ...rest } = schema;
  const about = description ?? resolveReference(schema, scope.plugin.schemas).description;
  return {
    name,
    in: location,
    ...(typeof about === 'string' && { description: escapeMarkdown(about) }),
    ...(required && { required }),
    ...(deprecated === true && { deprecated }),
    schema: schemaObject(rest satisfies JsonSchema, scope),
  };
}

/** OpenAPI says elsewhere what these hold, or HTTP does. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // A plugin trusts these because the gateway alone sets them; what a client sends never arrives.
  'x-caller-plugin-id',
  'x-tenant-id',
  'x-user-id',
  'x-workspace-id',
]);

/** Whether a header that a plugin reads is the client's to send. */
function isOpenHeader(name: string): boolean {
  const header = name.toLowerCase();
  return !RESERVED_HEADERS.has(header) && !header.startsWith('x-plexica-');
}
