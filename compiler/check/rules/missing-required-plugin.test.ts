import { manifest, testRule } from '../../testing/rule-tester.ts';
import { missingRequiredPlugin } from './missing-required-plugin.ts';

testRule(missingRequiredPlugin, {
  silent: [
    {
      name: 'a plugin of the workspace',
      files: [manifest('plugin-crm'), manifest('plugin-a', '"dependencies": { "required": ["plugin-crm"] }')],
    },
    {
      name: 'a plugin whose manifest is broken',
      files: [manifest('plugin-a', '"dependencies": { "required": ["plugin-crm"] }')],
      options: { brokenPlugins: ['plugin-crm'] },
    },
  ],
  fires: [
    {
      name: 'a record',
      files: [manifest('plugin-a', '"dependencies": { "required": { ⟦"billing"⟧: "^1.0.0" } }')],
      findings: [
        {
          message: 'plugin "plugin-a" requires plugin "billing", which is not in this workspace',
          label: 'required, and missing',
        },
      ],
    },
    {
      name: 'a list, with a similar plugin there',
      files: [
        manifest('plugin-a', '"dependencies": { "required": [⟦"plugin-crn"⟧, { "id": ⟨"plugin-crn"⟩ }] }'),
        manifest('plugin-crm').replace('"plugin-crm"', '⟨"plugin-crm"⟩'),
      ],
      findings: [
        {
          message: 'plugin "plugin-a" requires plugin "plugin-crn", which is not in this workspace',
          help: 'change it to "plugin-crm"',
        },
      ],
    },
  ],
});
