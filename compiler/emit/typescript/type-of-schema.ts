import type { JsonSchema } from '@plexica/types';
import { isSchemaObject } from '../../ir/subschemas.ts';
import { numberLiteral, stringLiteral } from './text.ts';
import {
  intersection,
  never,
  object,
  type PropertyType,
  plain,
  type TypeNode,
  union,
  unknown,
} from './type-node.ts';

export interface TypeContext {
  /** The type of the schema that a `$ref` names; undefined where there is none. */
  readonly typeOfReference: (ref: unknown) => TypeNode | undefined;
  /**
   * Whose value it is. A `sent` one may leave out what has a default; in a `checked` one, as ajv hands it on with
   * `useDefaults`, the default stands there.
   */
  readonly values: 'sent' | 'checked';
}

/**
 * What TypeScript can say of a JSON Schema; the rest (`not`, `if`, lengths, patterns …) stays unsaid. Total: a
 * part that makes no sense is `unknown`. Nothing but JSON Schema is honoured, so that no schema can bring in
 * a text of its own.
 */
export function typeOfSchema(schema: unknown, context: TypeContext): TypeNode {
  if (schema === false) return never;
  if (!isSchemaObject(schema)) return unknown;
  // Defaults are not filled in below these: ajv would have to know first which alternative holds.
  const sent: TypeContext = { ...context, values: 'sent' };
  return intersection([
    '$ref' in schema ? (context.typeOfReference(schema.$ref) ?? unknown) : unknown,
    typeOfValues(schema),
    typeOfKind(schema, context),
    ...listOf(schema.allOf).map((part) => typeOfSchema(part, context)),
    alternatives(schema.anyOf, sent),
    alternatives(schema.oneOf, sent),
  ]);
}

/** The type of exactly one JSON value. */
export function typeOfValue(value: unknown): TypeNode {
  if (typeof value === 'string') return plain(stringLiteral(value));
  if (typeof value === 'number') return plain(Number.isFinite(value) ? numberLiteral(value) : 'number');
  if (typeof value === 'boolean' || value === null) return plain(String(value));
  if (Array.isArray(value)) return { kind: 'tuple', items: value.map(typeOfValue), rest: undefined };
  if (!isSchemaObject(value)) return unknown;
  const members = Object.entries(value);
  return object(members.map(([name, member]) => ({ name, optional: false, type: typeOfValue(member) })));
}

/** `const` and `enum`. */
function typeOfValues(schema: JsonSchema): TypeNode {
  const values = 'const' in schema ? [schema.const] : schema.enum;
  return Array.isArray(values) ? union(values.map(typeOfValue)) : unknown;
}

/** `type` and what it governs. Literals say more than their type. */
function typeOfKind(schema: JsonSchema, context: TypeContext): TypeNode {
  if ('const' in schema || Array.isArray(schema.enum)) return unknown;
  const { type } = schema;
  const kinds = Array.isArray(type) ? type : [type ?? impliedKind(schema)];
  return union(kinds.map((kind) => typeOfOneKind(kind, schema, context)));
}

function typeOfOneKind(kind: unknown, schema: JsonSchema, context: TypeContext): TypeNode {
  switch (kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return plain(kind);
    case 'integer':
      return plain('number');
    case 'object':
      return typeOfObject(schema, context);
    case 'array':
      return typeOfArray(schema, context);
    default:
      return unknown;
  }
}

const OBJECT_KEYWORDS = ['properties', 'required', 'patternProperties', 'additionalProperties'];

/** A schema that speaks of members or items means objects or arrays, although it allows everything else. */
function impliedKind(schema: JsonSchema): string | undefined {
  if (OBJECT_KEYWORDS.some((keyword) => keyword in schema)) return 'object';
  return 'items' in schema || 'prefixItems' in schema ? 'array' : undefined;
}

function typeOfObject(schema: JsonSchema, context: TypeContext): TypeNode {
  const required = new Set<unknown>(listOf(schema.required));
  const declared = isSchemaObject(schema.properties) ? Object.entries(schema.properties) : [];
  const names = new Set(declared.map(([name]) => name));
  const properties = declared.map(([name, property]): PropertyType => {
    const about = isSchemaObject(property) ? property : {};
    return {
      name,
      optional: !required.has(name) && !(context.values === 'checked' && 'default' in about),
      type: typeOfSchema(property, context),
      text: typeof about.description === 'string' ? about.description : undefined,
      deprecated: about.deprecated === true,
    };
  });
  for (const name of required) {
    if (typeof name === 'string' && !names.has(name))
      properties.push({ name, optional: false, type: unknown });
  }
  return object(properties, typeOfOthers(schema, properties.length === 0, context));
}

/** Members that are not named. A schema that names some and says nothing of others is taken to mean those alone. */
function typeOfOthers(schema: JsonSchema, isEmpty: boolean, context: TypeContext): TypeNode | undefined {
  const patterns = isSchemaObject(schema.patternProperties) ? Object.values(schema.patternProperties) : [];
  const others = patterns.map((pattern) => typeOfSchema(pattern, context));
  const { additionalProperties } = schema;
  if (additionalProperties === undefined) {
    if (isEmpty && others.length === 0) return unknown;
  } else if (additionalProperties !== false) {
    others.push(typeOfSchema(additionalProperties, context));
  }
  return others.length === 0 ? undefined : union(others);
}

function typeOfArray(schema: JsonSchema, context: TypeContext): TypeNode {
  const { items, prefixItems } = schema;
  if (!Array.isArray(prefixItems)) return { kind: 'array', item: typeOfSchema(items, context) };
  const rest = items === false ? undefined : typeOfSchema(items, context);
  const first = prefixItems.map((item) => typeOfSchema(item, context));
  const least = typeof schema.minItems === 'number' ? schema.minItems : 0;
  if (least >= first.length) return { kind: 'tuple', items: first, rest };
  // Items may be missing from the end; TypeScript's tuples with optional items would want every one checked.
  return { kind: 'array', item: union([...first, ...(rest === undefined ? [] : [rest])]) };
}

function alternatives(value: unknown, context: TypeContext): TypeNode {
  return Array.isArray(value) ? union(value.map((part) => typeOfSchema(part, context))) : unknown;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
