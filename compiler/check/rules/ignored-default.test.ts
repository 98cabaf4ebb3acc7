import { manifest, testRule } from '../../testing/rule-tester.ts';
import { ignoredDefault } from './ignored-default.ts';

const plugin = (body: string, rest = '') =>
  manifest(
    'plugin-crm',
    `"backend": { "endpoints": [{ "method": "POST", "path": "/x", "body": ${body} }] }${rest}`,
  );

testRule(ignoredDefault, {
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
      name: 'of a whole body',
      files: [plugin('{ "type": "object", ⟦"default"⟧: {} }').replace('"body"', '⟨"body"⟩')],
      findings: [
        {
          message: 'a "default" of the whole of "body" is never filled in',
          help: 'remove it, or move it into a property',
        },
      ],
    },
    {
      name: 'of a named schema that is a whole body here, and a property elsewhere',
      files: [
        plugin(
          '{ "$ref": "#/schemas/A" }',
          ', "schemas": { "A": { "type": "object", ⟦"default"⟧: {}, "properties": { "b": { "default": 1 } } } }',
        ).replace('"body"', '⟨"body"⟩'),
      ],
      findings: [{ message: 'a "default" of the whole of "body" is never filled in' }],
    },
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
