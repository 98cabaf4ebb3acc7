import { manifest, testRule } from '../../testing/rule-tester.ts';
import { duplicatePluginId } from './duplicate-plugin-id.ts';

const service =
  '"api": { "services": [{ "name": "crm.contacts", "version": "1.0.0", "endpoints": [{ "method": "GET", "path": "/contacts" }] }] }';

testRule(duplicatePluginId, {
  silent: [{ name: 'two ids', files: [manifest('plugin-crm'), manifest('plugin-mail')] }],
  fires: [
    {
      name: 'three manifests with one id, and with the same services',
      files: {
        'plugins/a/plugin.json': manifest('plugin-crm', service).replace('"plugin-crm"', '⟨"plugin-crm"⟩'),
        'plugins/b/plugin.json': manifest('plugin-crm', service).replace('"plugin-crm"', '⟦"plugin-crm"⟧'),
        'plugins/c/plugin.json': manifest('plugin-crm', service).replace('"plugin-crm"', '⟦"plugin-crm"⟧'),
      },
      findings: [
        {
          message: 'the plugin id "plugin-crm" is already taken by plugins/a/plugin.json',
          label: 'taken already',
        },
        { message: 'the plugin id "plugin-crm" is already taken by plugins/a/plugin.json' },
      ],
    },
  ],
});
