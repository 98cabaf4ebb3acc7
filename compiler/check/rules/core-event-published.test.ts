import { manifest, testRule } from '../../testing/rule-tester.ts';
import { coreEventPublished } from './core-event-published.ts';

const publishes = (names: string) =>
  manifest('plugin-sso', `"backend": {}, "events": { "publishes": [${names}] }`);

testRule(coreEventPublished, {
  silent: [{ name: 'names of its own', files: [publishes('"sso.user.login", "user.renamed"')] }],
  fires: [
    {
      name: 'names of the platform',
      files: [publishes('⟦"user.login"⟧, { "name": ⟦"api.request"⟧, "schema": { "type": "object" } }')],
      findings: [
        {
          message: 'plugin "plugin-sso" publishes "user.login", which is an event of the platform',
          help: 'give it a name of its own, such as "sso.user.login"',
        },
        { message: 'plugin "plugin-sso" publishes "api.request", which is an event of the platform' },
      ],
    },
  ],
});
