import { manifest, testRule } from '../../testing/rule-tester.ts';
import { defaultInAlternative } from './default-in-alternative.ts';

const plugin = (body: string, rest = '') =>
  manifest(
    'plugin-crm',
    `"backend": { "endpoints": [{ "method": "POST", "path": "/x", "body": ${body} }] }${rest}`,
  );

testRule(defaultInAlternative, {
  silent: [
    {
      name: 'a default of a property',
      files: [plugin('{ "type": "object", "properties": { "a": { "default": 1 } } }')],
    },
    {
      name: 'in all of several schemas',
      files: [plugin('{ "allOf": [{ "properties": { "a": { "default": 1 } } }] }')],
    },
    {
      name: 'in an answer, which nobody fills in',
      files: [
        manifest(
          'plugin-crm',
          '"backend": { "endpoints": [{ "method": "GET", "path": "/x", "returns": { "data": { "anyOf": [{ "default": 1 }] } } }] }',
        ),
      ],
    },
  ],
  fires: [
    {
      name: 'deep below an alternative',
      files: [plugin('{ ⟨"oneOf"⟩: [{ "properties": { "a": { ⟦"default"⟧: 1 } } }] }')],
      findings: [
        {
          message: 'a "default" below "oneOf" is never filled in',
          help: 'remove it, or move it out of "oneOf"',
        },
      ],
    },
    {
      name: 'in a named schema that an alternative refers to',
      files: [
        plugin(
          '{ "oneOf": [{ ⟨"anyOf"⟩: [{ "$ref": "#/schemas/A" }] }] }',
          ', "schemas": { "A": { "properties": { "a": { ⟦"default"⟧: 1 } } } }',
        ),
      ],
      findings: [{ message: 'a "default" below "anyOf" is never filled in' }],
    },
  ],
});
