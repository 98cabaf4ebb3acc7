import { manifest, testRule } from '../../testing/rule-tester.ts';
import { configValidation } from './config-validation.ts';

const plugin = (type: string, validation: string) =>
  manifest(
    'plugin-crm',
    `"config": [{ "key": "k", "label": "A setting", "type": ${type}, "options": [{ "value": "a", "label": "A" }], "validation": { ${validation} } }]`.replace(
      type.includes('select') ? '' : '"options": [{ "value": "a", "label": "A" }], ',
      '',
    ),
  );

testRule(configValidation, {
  silent: [
    {
      name: 'of a string',
      files: [
        plugin(
          '"string"',
          '"minLength": 1, "maxLength": 1, "pattern": "^\\\\p{L}$", "message": "One letter"',
        ),
      ],
    },
    { name: 'of a number', files: [plugin('"number"', '"min": 1, "max": 1')] },
    { name: 'a message alone', files: [plugin('"select"', '"message": "Choose one"')] },
  ],
  fires: [
    {
      name: 'keywords of a number for a string',
      files: [plugin('⟨"string"⟩', '⟦"min"⟧: 1, ⟦"max"⟧: 2')],
      findings: [
        {
          message: '"min" says nothing about the setting "k", which is a string',
          help: 'remove it; a string can have "minLength", "maxLength" and "pattern"',
        },
        { message: '"max" says nothing about the setting "k", which is a string' },
      ],
    },
    {
      name: 'a keyword for a select',
      files: [plugin('⟨"select"⟩', '⟦"pattern"⟧: "a"')],
      findings: [
        { message: '"pattern" says nothing about the setting "k", which is a select', help: 'remove it' },
      ],
    },
    {
      name: 'limits that exclude each other',
      files: [plugin('"number"', '"min": ⟦5⟧, "max": ⟨4⟩')],
      findings: [{ message: 'no value of "k" can meet "min" 5 and "max" 4', help: 'exchange the two' }],
    },
    {
      name: 'lengths that exclude each other',
      files: [plugin('"string"', '"minLength": ⟦5⟧, "maxLength": ⟨4⟩')],
      findings: [{ message: 'no value of "k" can meet "minLength" 5 and "maxLength" 4' }],
    },
    {
      name: 'no regular expression',
      files: [plugin('"string"', '"pattern": ⟦"[a-z"⟧')],
      findings: [{ message: 'the pattern of "k" is not a regular expression: unterminated character class' }],
    },
  ],
});
