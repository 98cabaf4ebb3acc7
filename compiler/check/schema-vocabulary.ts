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

const KEYWORDS: Readonly<Record<KeywordShape, readonly string[]>> = {
  anything: ['const', 'default'],
  boolean: ['deprecated', 'readOnly', 'uniqueItems', 'writeOnly'],
  count: ['maxItems', 'maxLength', 'maxProperties', 'minItems', 'minLength', 'minProperties'],
  format: ['format'],
  list: ['examples'],
  names: ['required'],
  number: ['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum'],
  pattern: ['pattern'],
  positive: ['multipleOf'],
  record: ['patternProperties', 'properties'],
  schema: ['additionalProperties', 'contains', 'else', 'if', 'items', 'not', 'propertyNames', 'then'],
  schemas: ['allOf', 'anyOf', 'oneOf'],
  text: ['$comment', '$ref', 'contentEncoding', 'contentMediaType', 'description', 'title'],
  type: ['type'],
  values: ['enum'],
};

/**
 * The keywords that a schema of a manifest may have: those that JSON Schema 2020-12 and Fastify's validator read in the
 * same way. Fastify refuses to start with any other.
 */
export const schemaVocabulary: ReadonlyMap<string, KeywordShape> = new Map(
  Object.entries(KEYWORDS).flatMap(([shape, keywords]) =>
    // `Object.entries` forgets that the keys are shapes.
    keywords.map((keyword): [string, KeywordShape] => [keyword, shape as KeywordShape]),
  ),
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
  ['example', 'write "examples": [ … ]'],
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
