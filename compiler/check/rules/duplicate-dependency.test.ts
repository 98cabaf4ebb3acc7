import { manifest, testRule } from '../../testing/rule-tester.ts';
import { duplicateDependency } from './duplicate-dependency.ts';

const crm = manifest(
  'plugin-crm',
  `"api": { "services": [
    { "name": "crm.contacts", "version": "1.0.0", "endpoints": [{ "method": "GET", "path": "/contacts" }] },
    { "name": "crm.deals", "version": "1.0.0", "endpoints": [{ "method": "GET", "path": "/deals" }] }
  ] }`,
);
const calls = (dependencies: string) => manifest('plugin-a', `"api": { "dependencies": [${dependencies}] }`);
const edge = (service: string) =>
  `{ "pluginId": "plugin-crm", "serviceName": ${service}, "version": "^1.0.0" }`;

testRule(duplicateDependency, {
  silent: [
    {
      name: 'two services of one plugin',
      files: [crm, calls(`${edge('"crm.contacts"')}, ${edge('"crm.deals"')}`)],
    },
  ],
  fires: [
    {
      name: 'one service twice',
      files: [crm, calls(`${edge('⟨"crm.contacts"⟩')}, ${edge('⟦"crm.contacts"⟧')}`)],
      findings: [{ message: 'plugin "plugin-a" declares its dependency on service "crm.contacts" twice' }],
    },
    {
      name: 'a service, and the whole plugin',
      files: [crm, calls(`${edge('⟨"crm.deals"⟩')}, { "pluginId": ⟦"plugin-crm"⟧, "version": "^1.0.0" }`)],
      findings: [
        {
          message: 'plugin "plugin-a" declares its dependency on service "crm.deals" twice',
          label: 'every service of plugin-crm',
        },
      ],
    },
  ],
});
