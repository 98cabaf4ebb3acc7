import { formatNames } from 'ajv-formats/dist/formats.js';

/** What the value of a keyword must be. */
export type KeywordShape =
  | 'anything'
  | 'boolean'
  | 'count'
  | 'format'
  | 'list'
  | 'names'
  | 'number'
  | 'pattern'
  | 'positive'
  | 'record'
  | 'schema'
  | 'schemas'
  | 'text'
  | 'type'
  | 'values';

/**
 * The keywords that a schema of a manifest may have: those that JSON Schema 2020-12 and Fastify's validator read in the
 * same way. Fastify refuses to start with any other.
 */
export const schemaVocabulary: ReadonlyMap<string, KeywordShape> = new Map(
  Object.entries({
    $comment: 'text',
    $ref: 'text',
    additionalProperties: 'schema',
    allOf: 'schemas',
    anyOf: 'schemas',
    const: 'anything',
    contains: 'schema',
    contentEncoding: 'text',
    contentMediaType: 'text',
    default: 'anything',
    deprecated: 'boolean',
    description: 'text',
    else: 'schema',
    enum: 'values',
    example: 'anything',
    examples: 'list',
    exclusiveMaximum: 'number',
    exclusiveMinimum: 'number',
    format: 'format',
    if: 'schema',
    items: 'schema',
    maxItems: 'count',
    maxLength: 'count',
    maxProperties: 'count',
    maximum: 'number',
    minItems: 'count',
    minLength: 'count',
    minProperties: 'count',
    minimum: 'number',
    multipleOf: 'positive',
    not: 'schema',
    oneOf: 'schemas',
    pattern: 'pattern',
    patternProperties: 'record',
    properties: 'record',
    propertyNames: 'schema',
    readOnly: 'boolean',
    required: 'names',
    then: 'schema',
    title: 'text',
    type: 'type',
    uniqueItems: 'boolean',
    writeOnly: 'boolean',
  } satisfies Record<string, KeywordShape>),
);

const NOT_IN_FASTIFY = "Fastify's validator, which runs in plugin backends, does not know it";
const NO_IDENTITY = 'a schema has no address of its own: name it in "schemas" and refer to "#/schemas/Name"';
const NO_DEFINITIONS =
  'move its members into "schemas" of the manifest and refer to them as "#/schemas/Name"';
const NO_CODE = 'a manifest cannot say how types are written in code';

/** Keywords that people know from elsewhere: why they are refused, or what to write instead. */
export const refusedKeywords: ReadonlyMap<string, string> = new Map([
  ['$anchor', NO_IDENTITY],
  ['$defs', NO_DEFINITIONS],
  ['$dynamicAnchor', NO_IDENTITY],
  ['$dynamicRef', 'refer to "#/schemas/Name" with "$ref"'],
  ['$id', NO_IDENTITY],
  ['$schema', 'every schema is JSON Schema 2020-12; only a schema file may say so'],
  ['additionalItems', NOT_IN_FASTIFY],
  ['contentSchema', NOT_IN_FASTIFY],
  ['definitions', NO_DEFINITIONS],
  ['dependencies', NOT_IN_FASTIFY],
  ['dependentRequired', NOT_IN_FASTIFY],
  ['dependentSchemas', NOT_IN_FASTIFY],
  ['maxContains', NOT_IN_FASTIFY],
  ['minContains', NOT_IN_FASTIFY],
  ['nullable', 'write "type": ["string", "null"]'],
  ['prefixItems', NOT_IN_FASTIFY],
  ['tsEnumNames', NO_CODE],
  ['tsType', NO_CODE],
  ['unevaluatedItems', NOT_IN_FASTIFY],
  ['unevaluatedProperties', NOT_IN_FASTIFY],
]);

export const schemaTypes: readonly string[] = [
  'array',
  'boolean',
  'integer',
  'null',
  'number',
  'object',
  'string',
];

/** The formats that are checked; Fastify refuses to start with any other. */
export const schemaFormats: readonly string[] = formatNames;
