import { manifest, testRule } from '../../testing/rule-tester.ts';
import { refCycle } from './ref-cycle.ts';

testRule(refCycle, {
  silent: [
    {
      name: 'a schema that two others use',
      files: [
        manifest(
          'plugin-crm',
          `"schemas": {
            "A": { "type": "object", "properties": { "c": { "$ref": "#/schemas/C" } } },
            "B": { "type": "object", "properties": { "a": { "$ref": "#/schemas/A" }, "c": { "$ref": "#/schemas/C" } } },
            "C": { "type": "string" }
          }`,
        ),
      ],
    },
  ],
  fires: [
    {
      name: 'a schema and itself',
      files: [
        manifest(
          'plugin-crm',
          '"schemas": { "Tree": { "type": "object", "properties": { "children": { "type": "array", "items": { "$ref": ⟦"#/schemas/Tree"⟧ } } } } }',
        ),
      ],
      findings: [{ message: 'schema Tree refers to itself', label: 'Tree refers to Tree here' }],
    },
    {
      name: 'two schemas, which an endpoint uses',
      files: [
        manifest(
          'plugin-crm',
          `"schemas": {
            "Contact": { "type": "object", "properties": { "company": { "$ref": ⟨"#/schemas/Company"⟩ } } },
            "Company": { "type": "object", "properties": { "owner": { "$ref": ⟦"#/schemas/Contact"⟧ } } }
          },
          "backend": { "endpoints": [{ "method": "POST", "path": "/contacts", "body": { "$ref": "#/schemas/Contact" } }] }`,
        ),
      ],
      findings: [{ message: 'schemas refer to each other in a cycle: Company → Contact → Company' }],
    },
    {
      name: 'through a file',
      files: {
        'plugins/crm/plugin.json': manifest(
          'plugin-crm',
          '"schemas": { "Contact": { "type": "array", "items": { "$ref": ⟨"./contact.json"⟩ } } }',
        ),
        'plugins/crm/contact.json':
          '{ "type": "object", "properties": { "friends": { "$ref": ⟦"#/schemas/Contact"⟧ } } }',
      },
      findings: [
        { message: 'schemas refer to each other in a cycle: ./contact.json → Contact → ./contact.json' },
      ],
    },
  ],
});
