import { manifest, testRule } from '../../testing/rule-tester.ts';
import { duplicateConfigKey } from './duplicate-config-key.ts';

const field = (key: string) => `{ "key": ${key}, "type": "string", "label": "A setting" }`;

testRule(duplicateConfigKey, {
  silent: [
    { name: 'two keys', files: [manifest('plugin-crm', `"config": [${field('"a"')}, ${field('"A"')}]`)] },
  ],
  fires: [
    {
      name: 'one key three times',
      files: [manifest('plugin-crm', `"config": [${field('⟨"a"⟩')}, ${field('⟦"a"⟧')}, ${field('⟦"a"⟧')}]`)],
      findings: [
        { message: 'plugin "plugin-crm" declares the setting "a" twice' },
        { message: 'plugin "plugin-crm" declares the setting "a" twice' },
      ],
    },
  ],
});
