import { manifest, testRule } from '../../testing/rule-tester.ts';
import { unknownOptionalPlugin } from './unknown-optional-plugin.ts';

const optional = (id: string) =>
  `"api": { "dependencies": [{ "pluginId": ${id}, "serviceName": "crm.contacts", "version": "^1.0.0", "required": false }] }`;

testRule(unknownOptionalPlugin, {
  silent: [
    {
      name: 'a plugin whose manifest is broken',
      files: [manifest('plugin-a', optional('"plugin-crm"'))],
      options: { brokenPlugins: ['plugin-crm'] },
    },
    {
      name: 'an absent plugin that may stand beside this one, and whose services are not called',
      files: [manifest('plugin-a', '"dependencies": { "optional": ["billing"] }')],
    },
  ],
  fires: [
    {
      name: 'an optional edge',
      files: [manifest('plugin-a', optional('⟦"billing"⟧'))],
      findings: [
        {
          message: 'plugin "plugin-a" names plugin "billing" as optional, which is not in this workspace',
          label: 'no such plugin: no client is generated for it',
        },
      ],
    },
    {
      name: 'what looks like a slip',
      files: [
        manifest('plugin-a', '"dependencies": { "optional": [{ "id": ⟦"plugin-crn"⟧ }] }'),
        manifest('plugin-crm').replace('"plugin-crm"', '⟨"plugin-crm"⟩'),
      ],
      findings: [
        {
          message: 'plugin "plugin-a" names plugin "plugin-crn" as optional, which is not in this workspace',
          help: 'change it to "plugin-crm"',
        },
      ],
    },
  ],
});
