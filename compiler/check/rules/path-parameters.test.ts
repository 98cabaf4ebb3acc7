import { manifest, testRule } from '../../testing/rule-tester.ts';
import { pathParameters } from './path-parameters.ts';

const plugin = (path: string, params: string, schemas = '') =>
  manifest(
    'plugin-crm',
    `"schemas": { ${schemas} },
    "backend": { "endpoints": [{ "method": "GET", "path": ${path}, "schema": { "params": ${params} } }] }`,
  );
const object = (properties: string, required: string) =>
  `{ "type": "object", "required": [${required}], "properties": { ${properties} } }`;

testRule(pathParameters, {
  silent: [
    {
      name: 'each parameter described',
      files: [
        plugin('"/a/:x/:y"', object('"x": { "type": "string" }, "y": { "type": "integer" }', '"x", "y"')),
      ],
    },
    {
      name: 'described by a named schema, and by parts of one',
      files: [
        plugin(
          '"/a/:x"',
          '{ "$ref": "#/schemas/X" }',
          `"X": { "allOf": [${object('"x": { "$ref": "#/schemas/Id" }', '"x"')}] }, "Id": { "type": "string" }`,
        ),
      ],
    },
    {
      name: 'a parameter whose type an enum states',
      files: [plugin('"/a/:x"', object('"x": { "enum": ["a", "b"] }', '"x"'))],
    },
    {
      name: 'no description at all',
      files: [manifest('plugin-crm', '"backend": { "endpoints": [{ "method": "GET", "path": "/a/:x" }] }')],
    },
    {
      name: 'alternatives',
      files: [plugin('"/a/:x"', `{ "anyOf": [${object('"x": { "type": "string" }', '"x"')}] }`)],
    },
  ],
  fires: [
    {
      name: 'one name for two parameters',
      files: [
        manifest('plugin-crm', '"backend": { "endpoints": [{ "method": "GET", "path": "/a/:x/b/⟦:x⟧" }] }'),
      ],
      findings: [
        {
          message: 'the path "/a/:x/b/:x" has two parameters "x"',
          help: 'give each parameter a name of its own',
        },
      ],
    },
    {
      name: 'a parameter that is not described',
      files: [plugin('⟨"/a/:x/:y"⟩', `⟦${object('"x": { "type": "string" }', '"x"')}⟧`)],
      findings: [
        {
          message: '"schema.params" says nothing about the parameter "y" of "/a/:x/:y"',
          help: 'add "y": { "type": "string" } to its "properties"',
        },
      ],
    },
    {
      name: 'a slip is one cause',
      files: [plugin('⟨"/a/:contactId"⟩', object('⟦"contactid"⟧: { "type": "string" }', '"contactid"'))],
      findings: [
        {
          message: 'the path "/a/:contactId" has no parameter "contactid"',
          help: 'change it to "contactId"',
        },
      ],
    },
    {
      name: 'a property that is no parameter',
      files: [
        plugin('⟨"/a/:x"⟩', object('"x": { "type": "string" }, ⟦"search"⟧: { "type": "string" }', '"x"')),
      ],
      findings: [
        {
          message: 'the path "/a/:x" has no parameter "search"',
          help: 'remove it, or put it into "schema.querystring"',
        },
      ],
    },
    {
      name: 'a parameter that is not required',
      files: [plugin('"/a/:x"', object('⟦"x"⟧: { "type": "string" }', ''))],
      findings: [{ message: 'the path parameter "x" is not required, but a path always has it' }],
    },
    {
      name: 'a parameter that cannot stand in a path',
      files: [plugin('"/a/:x"', object('⟦"x"⟧: { "type": "array" }', '"x"'))],
      findings: [{ message: 'the path parameter "x" cannot be of type "array"' }],
    },
    {
      name: 'no object',
      files: [plugin('"/a/:x"', '⟦{ "type": "string" }⟧')],
      findings: [{ message: '"schema.params" of "/a/:x" is not the schema of an object' }],
    },
  ],
});
