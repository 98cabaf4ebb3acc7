import type { JsonSchema } from '@plexica/types';
import type {
  ComponentsObject,
  ReferenceObject,
  SchemaObject,
  SecuritySchemeObject,
} from 'openapi3-ts/oas31';
import { type ErrorReferences, errorComponents } from './errors.ts';
import { schemaObject } from './schema.ts';
import type { Scope } from './scope.ts';

/** The name of the security scheme that every document asks for. */
export const BEARER = 'bearer';

const BEARER_SCHEME: SecuritySchemeObject = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'A token of the identity provider; it names the tenant, the user and the permissions.',
};

type Schemas = Record<string, SchemaObject | ReferenceObject>;

/** The components that the paths of these scopes refer to, and those that the components refer to themselves. */
export function components(scopes: readonly Scope[], errors: ErrorReferences): ComponentsObject {
  const schemas: Schemas = {};
  for (const scope of scopes) Object.assign(schemas, namedSchemas(scope));
  const shared = errorComponents(errors);
  return {
    securitySchemes: { [BEARER]: BEARER_SCHEME },
    schemas: { ...schemas, ...shared.schemas },
    responses: shared.responses,
  };
}

/** In the order of the manifest. */
function namedSchemas(scope: Scope): Schemas {
  const { references, plugin } = scope;
  const built = new Map<string, SchemaObject | ReferenceObject>();
  // A set that grows while it is walked: what a schema refers to is added and visited in turn.
  for (const name of references.schemas) {
    const schema: JsonSchema = plugin.schemas.get(name)?.schema ?? {};
    built.set(name, schemaObject(schema, scope));
  }
  const schemas: Schemas = {};
  for (const name of plugin.schemas.keys()) {
    const schema = built.get(name);
    if (schema !== undefined) schemas[scope.componentName(name)] = schema;
  }
  return schemas;
}
