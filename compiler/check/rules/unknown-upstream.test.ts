import { manifest, testRule } from '../../testing/rule-tester.ts';
import { unknownUpstream } from './unknown-upstream.ts';

const workspace = (upstreams: string) =>
  `{ "plugins": ["plugins/*/plugin.json"], "upstreams": { ${upstreams} } }`;
const crm = manifest('plugin-crm', '"backend": {}');

testRule(unknownUpstream, {
  silent: [
    {
      name: 'a plugin of the workspace',
      files: [crm],
      options: { workspace: workspace('"plugin-crm": { "urls": ["http://127.0.0.1:3100"] }') },
    },
    {
      name: 'a plugin whose manifest is broken',
      files: [manifest('plugin-mail')],
      options: { workspace: workspace('"plugin-crm": {}'), brokenPlugins: ['plugin-crm'] },
    },
  ],
  fires: [
    {
      name: 'a slip; that plugin-crm has no upstream is the same cause',
      files: [crm.replace('"plugin-crm"', '⟨"plugin-crm"⟩')],
      options: { workspace: workspace('⟦"plugin-cmr"⟧: { "urls": ["http://127.0.0.1:3100"] }') },
      findings: [
        {
          message: '"upstreams" names plugin "plugin-cmr", which is not in this workspace',
          help: 'change it to "plugin-crm"',
        },
      ],
    },
    {
      name: 'a plugin that nothing resembles',
      files: [manifest('plugin-mail')],
      options: { workspace: workspace('⟦"billing"⟧: {}') },
      findings: [{ message: '"upstreams" names plugin "billing", which is not in this workspace' }],
    },
  ],
});
