import { manifest, testRule } from '../../testing/rule-tester.ts';
import { unresolvedRef } from './unresolved-ref.ts';

const plugin = (schemas: string, ...bodies: string[]) =>
  manifest(
    'plugin-crm',
    `"schemas": { ${schemas} },
    "backend": { "endpoints": [${bodies
      .map((body, index) => `{ "method": "POST", "path": "/x${index}", "body": ${body} }`)
      .join(', ')}] }`,
  );

testRule(unresolvedRef, {
  silent: [
    {
      name: 'a schema of the manifest',
      files: [plugin('"Contact": { "type": "object" }', '{ "$ref": "#/schemas/Contact" }')],
    },
    {
      name: 'data that looks like a reference',
      files: [plugin('"Example": { "type": "object", "examples": [{ "$ref": "#/schemas/Nowhere" }] }')],
    },
    {
      name: 'a property that is called $ref',
      files: [plugin('"Link": { "type": "object", "properties": { "$ref": { "type": "string" } } }')],
    },
  ],
  fires: [
    {
      name: 'a slip, referred to twice',
      files: [
        plugin(
          '⟨"Contact"⟩: { "type": "object" }',
          '{ "$ref": ⟦"#/schemas/Contcat"⟧ }',
          '{ "type": "array", "items": { "$ref": ⟨"#/schemas/Contcat"⟩ } }',
        ),
      ],
      findings: [
        { message: 'plugin "plugin-crm" has no schema "Contcat"', help: 'change it to "#/schemas/Contact"' },
      ],
    },
    {
      name: 'in a schema file',
      files: {
        'plugins/crm/plugin.json': plugin('"Contact": { "$ref": "./contact.json" }'),
        'plugins/crm/contact.json':
          '{ "type": "object", "properties": { "address": { "$ref": ⟦"#/schemas/Address"⟧ } } }',
      },
      findings: [{ message: 'plugin "plugin-crm" has no schema "Address"' }],
    },
  ],
});
