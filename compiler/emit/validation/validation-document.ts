import type { EndpointValidation, JsonSchema, ValidationDocument } from '@plexica/types';
import { type NamedSchemas, referencedName, resolveReference } from '../../ir/dereference.ts';
import type { Plugin, RequestSchemas, Route } from '../../ir/program.ts';
import { isSchemaObject, mapSubschemas, subschemas } from '../../ir/subschemas.ts';
import { withoutWords } from '../../ir/without-words.ts';
import { endpointName } from '../routes/endpoint-name.ts';
import { headersSchema } from './headers-schema.ts';
import { validatedParts } from './validated-parts.ts';

/**
 * What the gateway checks requests to a plugin against: rules without words about them, and of the named schemas those in use,
 * both in the order of the manifest. Undefined where no endpoint has anything to check.
 */
export function validationDocument(plugin: Plugin): ValidationDocument | undefined {
  const endpoints = plugin.routes
    .map((route) => [endpointName(route), endpointValidation(route)] as const)
    .filter(([, validation]) => Object.keys(validation).length > 0);
  if (endpoints.length === 0) return undefined;
  const roots = endpoints.flatMap(([, validation]) => Object.values(validation));
  return {
    format: 1,
    plugin: plugin.id.value,
    schemas: usedSchemas(roots.filter(isSchemaObject), plugin.schemas),
    endpoints: Object.fromEntries(endpoints),
  };
}

function endpointValidation(route: Route): EndpointValidation {
  const entries = validatedParts(route).map((part) => [part, partSchema(part, route)] as const);
  return Object.fromEntries(entries);
}

function partSchema(part: keyof RequestSchemas, { request, plugin }: Route): JsonSchema {
  const schema = request[part] ?? {};
  // What the schema of headers says itself is rewritten: it cannot be one that others refer to.
  return part === 'headers'
    ? headersSchema(rulesOf(resolveReference(schema, plugin.schemas)))
    : rulesOf(schema);
}

function rulesOf(schema: JsonSchema): JsonSchema {
  return withoutWords(mapSubschemas(schema, rulesOf));
}

/** The named schemas that these refer to, and those that they refer to in turn. */
function usedSchemas(roots: readonly JsonSchema[], schemas: NamedSchemas): Record<string, JsonSchema> {
  const used = new Map<string, JsonSchema>();
  const waiting = [...roots];
  for (let schema = waiting.pop(); schema !== undefined; schema = waiting.pop()) {
    waiting.push(...subschemas(schema));
    const name = referencedName(schema.$ref);
    const target = name === undefined || used.has(name) ? undefined : schemas.get(name);
    if (name === undefined || target === undefined) continue;
    const rules = rulesOf(target.schema);
    used.set(name, rules);
    waiting.push(rules);
  }
  const inOrder = [...schemas.keys()].flatMap((name) => {
    const schema = used.get(name);
    return schema === undefined ? [] : [[name, schema] as const];
  });
  return Object.fromEntries(inOrder);
}
