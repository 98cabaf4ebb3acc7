import { manifest, testRule } from '../../testing/rule-tester.ts';
import { configDefault } from './config-default.ts';

const plugin = (type: string, rest: string) =>
  manifest('plugin-crm', `"config": [{ "key": "k", "type": ${type}, "label": "A setting", ${rest} }]`);
const OPTIONS = '[{ "value": "red", "label": "Red" }, { "value": "green", "label": "Green" }]';
const silent = (type: string, rest: string) => ({
  name: `${type} ${rest.slice(0, 50)}`,
  files: [plugin(`"${type}"`, rest)],
});
const wrongType = (type: string, value: string, expected: string) => ({
  name: `${value} for a ${type}`,
  files: [
    plugin(`⟨"${type}"⟩`, `"default": ⟦${value}⟧${type.endsWith('select') ? `, "options": ${OPTIONS}` : ''}`),
  ],
  findings: [
    { message: `the default of "k" must be ${expected}`, help: `write ${expected}, or change "type"` },
  ],
});
const broken = (type: string, value: string, keyword: string, limit: string, what: string) => ({
  name: `${value} against ${keyword} ${limit}`,
  files: [plugin(`"${type}"`, `"default": ⟦${value}⟧, "validation": { "${keyword}": ⟨${limit}⟩ }`)],
  findings: [{ message: `the default of "k" ${what}`, help: `change the default, or "${keyword}"` }],
});

testRule(configDefault, {
  silent: [
    silent(
      'string',
      '"default": "abc", "validation": { "minLength": 3, "maxLength": 3, "pattern": "^[a-z]+$" }',
    ),
    silent('string', '"default": "😀", "validation": { "maxLength": 1 }'),
    silent('number', '"default": 5, "validation": { "min": 5, "max": 5 }'),
    silent('boolean', '"default": false'),
    silent('select', `"default": "red", "options": ${OPTIONS}`),
    silent('multiselect', `"default": [], "options": ${OPTIONS}`),
    silent('multiselect', `"default": ["green", "red"], "options": ${OPTIONS}`),
    silent('json', '"default": { "any": [1, null] }'),
    silent('json', '"default": null'),
  ],
  fires: [
    wrongType('string', '5', 'a text'),
    wrongType('string', 'null', 'a text'),
    wrongType('number', '"5"', 'a number'),
    wrongType('boolean', '"true"', 'true or false'),
    wrongType('select', '["red"]', 'the value of one option'),
    wrongType('multiselect', '"red"', 'a list of values of options'),
    broken('string', '"ab"', 'minLength', '3', 'is shorter than 3 characters'),
    broken('string', '"abcd"', 'maxLength', '3', 'is longer than 3 characters'),
    broken('string', '"ABC"', 'pattern', '"^[a-z]+$"', 'does not match "^[a-z]+$"'),
    broken('number', '0', 'min', '1', 'is less than 1'),
    broken('number', '169', 'max', '168', 'is more than 168'),
    {
      name: 'a select with what is no option',
      files: [plugin('"select"', `"default": ⟦"gren"⟧, "options": ⟨${OPTIONS}⟩`)],
      findings: [
        {
          message: 'the default of "k" has "gren", which is none of its options',
          help: 'change it to "green"',
        },
      ],
    },
    {
      name: 'every item of a multiselect',
      files: [
        plugin('⟨"multiselect"⟩', `"default": ["red", ⟦"blue"⟧, ⟦7⟧, ⟦"red"⟧], "options": ⟨${OPTIONS}⟩`),
      ],
      findings: [
        {
          message: 'the default of "k" has "blue", which is none of its options',
          help: 'choose "red" or "green"',
        },
        { message: 'the default of "k" must be a list of values of options' },
        { message: 'the default of "k" has "red" twice' },
      ],
    },
  ],
});
