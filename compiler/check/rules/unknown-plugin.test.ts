import { manifest, testRule } from '../../testing/rule-tester.ts';
import { unknownPlugin } from './unknown-plugin.ts';

const crm = manifest(
  'plugin-crm',
  '"api": { "services": [{ "name": "crm.contacts", "version": "1.0.0", "endpoints": [{ "method": "GET", "path": "/contacts" }] }] }',
);
const dependsOn = (dependencies: string) => `"api": { "dependencies": [${dependencies}] }`;

testRule(unknownPlugin, {
  silent: [
    {
      name: 'a plugin of the workspace',
      files: [crm, manifest('plugin-a', dependsOn('{ "pluginId": "plugin-crm", "version": "^1.0.0" }'))],
    },
    {
      name: 'a plugin whose manifest is broken',
      files: [manifest('plugin-a', dependsOn('{ "pluginId": "plugin-crm", "version": "^1.0.0" }'))],
      options: { brokenPlugins: ['plugin-crm'] },
    },
  ],
  fires: [
    {
      name: 'one cause, however often the plugin is named',
      files: [
        crm.replace('"plugin-crm"', '⟨"plugin-crm"⟩'),
        manifest(
          'plugin-a',
          `${dependsOn(`
            { "pluginId": ⟦"plugin-crn"⟧, "serviceName": "crm.contacts", "version": "^1.0.0" },
            { "pluginId": ⟨"plugin-crn"⟩, "serviceName": "crm.deals", "version": "^1.0.0" }`)},
          "dependencies": { "required": { ⟨"plugin-crn"⟩: "^1.0.0" } }`,
        ),
      ],
      findings: [
        {
          message: 'plugin "plugin-a" depends on plugin "plugin-crn", which is not in this workspace',
          help: 'change it to "plugin-crm"',
        },
      ],
    },
    {
      name: 'a plugin that nothing resembles',
      files: [manifest('plugin-a', dependsOn('{ "pluginId": ⟦"billing"⟧, "version": "^1.0.0" }'))],
      findings: [
        {
          message: 'plugin "plugin-a" depends on plugin "billing", which is not in this workspace',
          help: 'add its manifest to the workspace (plexica.yaml looks for "plugins/*/plugin.json"), or remove the dependency',
        },
      ],
    },
  ],
});
