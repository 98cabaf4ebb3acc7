import { manifest, testRule } from '../../testing/rule-tester.ts';
import { noUpstream } from './no-upstream.ts';

const workspace = (upstreams: string) =>
  `{ "plugins": ["plugins/*/plugin.json"], "upstreams": { ${upstreams} } }`;
const crm = manifest('plugin-crm', '"backend": { "endpoints": [{ "method": "GET", "path": "/x" }] }');

testRule(noUpstream, {
  silent: [
    {
      name: 'an address',
      files: [crm],
      options: { workspace: workspace('"plugin-crm": { "urls": ["http://127.0.0.1:3100"] }') },
    },
    {
      name: 'instances may register',
      files: [crm],
      options: { workspace: workspace('"plugin-crm": { "allowRegistration": ["http://localhost:*"] }') },
    },
    {
      name: 'a plugin without a backend',
      files: [manifest('plugin-theme')],
      options: { workspace: workspace('') },
    },
  ],
  fires: [
    {
      name: 'nothing is said, or nothing that helps',
      files: [
        crm.replace('"plugin-crm"', '⟦"plugin-crm"⟧'),
        crm.replace('"plugin-crm"', '⟦"constructor"⟧'),
        manifest(
          'plugin-mail',
          '"api": { "services": [{ "name": "mail", "version": "1.0.0", "endpoints": [{ "method": "GET", "path": "/x" }] }] }',
        ).replace('"plugin-mail"', '⟦"plugin-mail"⟧'),
      ],
      options: { workspace: workspace('"plugin-mail": { "urls": [] }') },
      findings: [
        { message: 'plugin "constructor" has a backend, but plexica.yaml does not say where it is' },
        {
          message: 'plugin "plugin-crm" has a backend, but plexica.yaml does not say where it is',
          label: 'the gateway answers 503 for it until an instance registers',
          help: 'add to "upstreams" of plexica.yaml: plugin-crm: { urls: ["http://127.0.0.1:3300"] }',
        },
        { message: 'plugin "plugin-mail" has a backend, but plexica.yaml does not say where it is' },
      ],
    },
  ],
});
