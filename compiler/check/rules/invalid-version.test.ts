import { manifest, testRule } from '../../testing/rule-tester.ts';
import { invalidVersion } from './invalid-version.ts';

const plugin = (version: string) => manifest('plugin-crm').replace('"1.0.0"', version);
const service = (version: string) =>
  manifest(
    'plugin-crm',
    `"api": { "services": [{ "name": "crm", "version": ${version}, "endpoints": [{ "method": "GET", "path": "/x" }] }] }`,
  );
const wrong = (version: string, help: string) => ({
  name: version,
  files: [plugin(`⟦"${version}"⟧`)],
  findings: [{ message: `the version "${version}" of plugin "plugin-crm" is not a semantic version`, help }],
});

testRule(invalidVersion, {
  silent: ['"0.1.0"', '"1.2.3-beta.1"', '"1.2.3+build.5"'].map((version) => ({
    name: version,
    files: [plugin(version)],
  })),
  fires: [
    wrong('banana', 'write a version such as "1.0.0"'),
    wrong('1.0', 'change it to "1.0.0"'),
    wrong('v1.2.3', 'change it to "1.2.3"'),
    wrong('01.2.3', 'write a version such as "1.0.0"'),
    {
      name: 'of a service',
      files: [service('⟦"1"⟧')],
      findings: [
        {
          message: 'the version "1" of service "crm" is not a semantic version',
          help: 'change it to "1.0.0"',
        },
      ],
    },
  ],
});
