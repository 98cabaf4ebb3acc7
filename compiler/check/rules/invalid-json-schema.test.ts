import { manifest, testRule } from '../../testing/rule-tester.ts';
import { invalidJsonSchema } from './invalid-json-schema.ts';

const plugin = (schema: string) => manifest('plugin-crm', `"schemas": { "X": ${schema} }`);
const fires = (schema: string, message: string, help?: string) => ({
  name: schema.replace(/[⟦⟧]/g, ''),
  files: [plugin(schema)],
  findings: [{ message, ...(help && { help }) }],
});

testRule(invalidJsonSchema, {
  silent: [
    {
      name: 'keywords of all kinds',
      files: [
        plugin(`{
          "type": ["object", "null"], "title": "T", "description": "D", "required": ["a"], "x-note": { "type": "nonsense" },
          "properties": { "a": { "type": "string", "format": "date-time", "pattern": "^\\\\d" }, "type": true, "b": { "enum": [1, "a", null] } },
          "patternProperties": { "^x": { "type": "integer", "multipleOf": 0.5 } }, "additionalProperties": false,
          "allOf": [{ "if": { "required": ["a"] }, "then": { "minProperties": 1 } }], "examples": [{ "typ": 1 }]
        }`),
      ],
    },
    {
      name: 'a schema file that says what it is',
      files: {
        'plugins/crm/plugin.json': plugin('{ "$ref": "./x.json" }'),
        'plugins/crm/x.json':
          '{ "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/x", "type": "string" }',
      },
    },
  ],
  fires: [
    fires(
      '{ "type": ⟦"strng"⟧ }',
      '"type" names "strng", which is no type of JSON Schema',
      'change it to "string"',
    ),
    fires('{ "type": ["string", ⟦"string"⟧] }', '"type" has this value twice'),
    fires('{ ⟦"minLenght"⟧: 1 }', '"minLenght" is not a keyword of JSON Schema', 'change it to "minLength"'),
    fires('{ "minLength": ⟦-1⟧ }', '"minLength" must be a whole number, 0 or more'),
    fires('{ "multipleOf": ⟦0⟧ }', '"multipleOf" must be a number above 0'),
    fires('{ "pattern": ⟦"["⟧ }', '"pattern" is not a regular expression: unterminated character class'),
    fires(
      '{ "patternProperties": { ⟦"["⟧: {} } }',
      '"[" is not a regular expression: unterminated character class',
    ),
    fires(
      '{ "format": ⟦"datetime"⟧ }',
      '"format" names "datetime", which is no format of JSON Schema',
      'change it to "date-time"',
    ),
    fires('{ "enum": ⟦[]⟧ }', '"enum" must be a list of at least one value'),
    fires('{ "enum": [1, ⟦1⟧] }', '"enum" has this value twice'),
    fires('{ "anyOf": ⟦[]⟧ }', '"anyOf" must be a list of at least one schema'),
    fires('{ "items": ⟦[{}]⟧ }', '"items" must be a schema: an object, true or false'),
    fires('{ "properties": { "a": ⟦"string"⟧ } }', '"properties" must hold schemas: objects, true or false'),
    fires(
      '{ "properties": { "a": { "required": ⟦true⟧ } } }',
      '"required" must be a list of names of properties',
      'put the name of the property into "required" of the object',
    ),
    fires('{ "$ref": ⟦5⟧ }', '"$ref" must be a text'),
    fires('{ ⟦"$id"⟧: "a" }', '"$id" cannot be used in a schema of a manifest'),
    fires('{ ⟦"$defs"⟧: {} }', '"$defs" cannot be used in a schema of a manifest'),
    fires(
      '{ ⟦"tsType"⟧: "process.exit()" }',
      '"tsType" cannot be used in a schema of a manifest',
      'a manifest cannot say how types are written in code',
    ),
    fires('{ ⟦"prefixItems"⟧: [] }', '"prefixItems" cannot be used in a schema of a manifest'),
    fires(
      '{ ⟦"nullable"⟧: true }',
      '"nullable" cannot be used in a schema of a manifest',
      'write "type": ["string", "null"]',
    ),
    fires('{ ⟦"if"⟧: {} }', '"if" has no effect without "then" or "else"'),
    fires('{ ⟦"then"⟧: {} }', '"then" has no effect without "if"'),
    {
      name: 'a pattern that means a property too',
      files: [
        plugin(
          '{ "properties": { "id": {}, ⟨"xa"⟩: {}, "xb": {} }, "patternProperties": { ⟦"^x"⟧: { "minLength": 1 } } }',
        ),
      ],
      findings: [{ message: 'the pattern "^x" means the property "xa" too, which has a schema of its own' }],
    },
    {
      name: 'in an endpoint, an event and a schema file',
      files: {
        'plugins/crm/plugin.json': manifest(
          'plugin-crm',
          `"backend": { "endpoints": [{ "method": "POST", "path": "/x",
            "body": { "type": ⟦"a"⟧ }, "returns": { "data": { "type": ⟦"b"⟧ } },
            "schema": { "querystring": { "properties": { "q": { "type": ⟦"c"⟧ } } }, "response": { "404": { "type": ⟦"d"⟧ } } } }] },
          "events": { "publishes": ["x.happened", { "name": "y.happened", "schema": { "type": ⟦"e"⟧ } }] }`,
        ),
        'plugins/crm/x.json': '{ "type": ⟦"f"⟧ }',
        'plugins/crm/y.json': '⟦[]⟧',
      },
      findings: [
        ...['a', 'b', 'c', 'd', 'e', 'f'].map((type) => ({
          message: `"type" names "${type}", which is no type of JSON Schema`,
        })),
        { message: 'a schema must be an object' },
      ],
    },
  ],
});
