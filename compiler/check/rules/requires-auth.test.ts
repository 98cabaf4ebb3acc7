import { manifest, testRule } from '../../testing/rule-tester.ts';
import { requiresAuth } from './requires-auth.ts';

const plugin = (...endpoints: string[]) =>
  manifest(
    'plugin-crm',
    `"backend": { "endpoints": [${endpoints
      .map((rest, index) => `{ "method": "GET", "path": "/x${index}", ${rest} }`)
      .join(', ')}] }`,
  );

testRule(requiresAuth, {
  silent: [{ name: 'the newer spelling', files: [plugin('"auth": false')] }],
  fires: [
    {
      name: 'a habit is one cause',
      files: [plugin('⟦"requiresAuth"⟧: false', '⟨"requiresAuth"⟩: true')],
      findings: [
        {
          message: 'plugin "plugin-crm" writes "requiresAuth", which is called "auth" now',
          help: 'change it to "auth": false',
        },
      ],
    },
    {
      name: 'beside the newer one',
      files: [plugin('"auth": true, ⟦"requiresAuth"⟧: true')],
      findings: [
        {
          message: 'plugin "plugin-crm" writes "requiresAuth", which is called "auth" now',
          help: 'remove it: "auth" stands beside it',
        },
      ],
    },
  ],
});
