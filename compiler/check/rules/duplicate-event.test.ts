import { manifest, testRule } from '../../testing/rule-tester.ts';
import { duplicateEvent } from './duplicate-event.ts';

testRule(duplicateEvent, {
  silent: [
    {
      name: 'one event in each list',
      files: [
        manifest(
          'plugin-crm',
          `"backend": { "hooks": [{ "name": "crm.created" }] },
          "events": { "publishes": ["crm.created"], "subscribes": ["crm.created"] }`,
        ),
      ],
    },
  ],
  fires: [
    {
      name: 'one event twice in each list',
      files: [
        manifest(
          'plugin-crm',
          `"backend": { "hooks": [{ "name": ⟨"user.login"⟩ }, { "name": ⟦"user.login"⟧ }] },
          "events": {
            "publishes": [⟨"crm.created"⟩, { "name": ⟦"crm.created"⟧, "schema": { "type": "string" } }],
            "subscribes": [⟨"user.logout"⟩, "user.login", ⟦"user.logout"⟧]
          }`,
        ),
      ],
      findings: [
        { message: '"backend.hooks" of plugin "plugin-crm" names "user.login" twice' },
        { message: '"events.publishes" of plugin "plugin-crm" names "crm.created" twice' },
        { message: '"events.subscribes" of plugin "plugin-crm" names "user.logout" twice' },
      ],
    },
  ],
});
