import { manifest, testRule } from '../../testing/rule-tester.ts';
import { invalidVersionRange } from './invalid-version-range.ts';

const crm = manifest(
  'plugin-crm',
  '"api": { "services": [{ "name": "crm", "version": "1.0.0", "endpoints": [{ "method": "GET", "path": "/x" }] }] }',
);
const asks = (range: string) =>
  manifest(
    'plugin-a',
    `"api": { "dependencies": [{ "pluginId": "plugin-crm", "serviceName": "crm", "version": ${range} }] }`,
  );

testRule(invalidVersionRange, {
  silent: ['"^1.0.0"', '">=1 <3"', '"*"', '"1.x || 2.x"', '"1.0.0"'].map((range) => ({
    name: range,
    files: [crm, asks(range)],
  })),
  fires: [
    {
      name: 'no range',
      files: [crm, asks('⟦"latest"⟧')],
      findings: [
        {
          message: 'the version range "latest" for "crm" is not a semver range',
          help: 'write a range such as "^1.0.0", or "*" for any version',
        },
      ],
    },
    {
      name: 'nearly a range',
      files: [crm, asks('⟦"^^1.2"⟧')],
      findings: [
        {
          message: 'the version range "^^1.2" for "crm" is not a semver range',
          help: 'change it to "^1.2.0"',
        },
      ],
    },
    {
      name: 'of a plugin',
      files: [crm, manifest('plugin-a', '"dependencies": { "required": { "plugin-crm": ⟦"stable"⟧ } }')],
      findings: [{ message: 'the version range "stable" for "plugin-crm" is not a semver range' }],
    },
  ],
});
