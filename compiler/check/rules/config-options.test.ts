import { manifest, testRule } from '../../testing/rule-tester.ts';
import { configOptions } from './config-options.ts';

const plugin = (rest: string) =>
  manifest('plugin-crm', `"config": [{ "key": "k", "label": "A setting", ${rest} }]`);
const RED = '{ "value": "red", "label": "Red" }';

testRule(configOptions, {
  silent: [
    { name: 'a select', files: [plugin(`"type": "select", "options": [${RED}]`)] },
    { name: 'no options where none are needed', files: [plugin('"type": "string"')] },
  ],
  fires: [
    {
      name: 'no options; the default is not compared with them',
      files: [plugin('"type": ⟦"select"⟧, "default": "red"')],
      findings: [{ message: 'the select "k" has no options', label: 'nothing to choose from' }],
    },
    {
      name: 'an empty list of options',
      files: [plugin('"type": "multiselect", "options": ⟦[]⟧')],
      findings: [{ message: 'the multiselect "k" has no options' }],
    },
    {
      name: 'an option twice',
      files: [
        plugin(
          '"type": "select", "options": [{ "value": ⟨"red"⟩, "label": "Red" }, { "value": ⟦"red"⟧, "label": "Crimson" }]',
        ),
      ],
      findings: [{ message: 'the option "red" of "k" stands twice' }],
    },
    {
      name: 'options of another type',
      files: [plugin(`"type": ⟨"string"⟩, ⟦"options"⟧: [${RED}]`)],
      findings: [
        {
          message: 'the setting "k" has options, but is a string',
          help: 'make it a "select" or a "multiselect", or remove "options"',
        },
      ],
    },
  ],
});
