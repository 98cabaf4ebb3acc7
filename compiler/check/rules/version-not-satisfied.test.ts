import { manifest, testRule } from '../../testing/rule-tester.ts';
import { versionNotSatisfied } from './version-not-satisfied.ts';

const crm = (version: string) =>
  manifest(
    'plugin-crm',
    `"api": { "services": [{ "name": "crm.contacts", "version": ${version}, "endpoints": [{ "method": "GET", "path": "/contacts" }] }] }`,
  );
const asks = (range: string) =>
  `"api": { "dependencies": [{ "pluginId": "plugin-crm", "serviceName": "crm.contacts", "version": ${range} }] }`;

testRule(versionNotSatisfied, {
  silent: [
    { name: 'a version in the range', files: [crm('"1.4.2"'), manifest('plugin-a', asks('"^1.2.0"'))] },
    {
      name: 'the version of the service counts, not that of its plugin',
      files: [crm('"2.0.0"'), manifest('plugin-a', asks('"2.x"'))],
    },
    {
      name: 'a plugin without a range',
      files: [manifest('plugin-crm'), manifest('plugin-a', '"dependencies": { "required": ["plugin-crm"] }')],
    },
  ],
  fires: [
    {
      name: 'a service that is too old',
      files: [crm('⟨"1.1.0"⟩'), manifest('plugin-a', asks('⟦"^1.2.0"⟧'))],
      findings: [
        {
          message:
            'plugin "plugin-a" needs service "crm.contacts" in version "^1.2.0", but it has version "1.1.0"',
          label: '1.1.0 is not in this range',
          help: 'raise the version that is provided, or ask for "^1.1.0"',
        },
      ],
    },
    {
      name: 'a service that has moved on',
      files: [crm('⟨"2.0.0"⟩'), manifest('plugin-a', asks('⟦"^1.2.0"⟧'))],
      findings: [
        {
          message:
            'plugin "plugin-a" needs service "crm.contacts" in version "^1.2.0", but it has version "2.0.0"',
          help: 'read what changed, then ask for "^2.0.0"',
        },
      ],
    },
    {
      name: 'a plugin, named as a whole in all three ways',
      files: [
        crm('"2.0.0"').replace('"1.0.0"', '⟨"1.0.0"⟩'),
        manifest(
          'plugin-a',
          '"api": { "dependencies": [{ "pluginId": "plugin-crm", "version": ⟦"^2.0.0"⟧ }] }',
        ),
        manifest('plugin-b', '"dependencies": { "required": { "plugin-crm": ⟦"^3.0.0"⟧ } }'),
        manifest(
          'plugin-c',
          '"dependencies": { "optional": [{ "id": "plugin-crm", "version": ⟦"^4.0.0"⟧ }] }',
        ),
      ],
      findings: [
        {
          message:
            'plugin "plugin-a" needs plugin "plugin-crm" in version "^2.0.0", but it has version "1.0.0"',
        },
        {
          message:
            'plugin "plugin-b" needs plugin "plugin-crm" in version "^3.0.0", but it has version "1.0.0"',
        },
        {
          message:
            'plugin "plugin-c" needs plugin "plugin-crm" in version "^4.0.0", but it has version "1.0.0"',
        },
      ],
    },
  ],
});
