import { manifest, testRule } from '../../testing/rule-tester.ts';
import { eventOwnerConflict } from './event-owner-conflict.ts';

const publishes = (id: string, event: string) =>
  manifest(id, `"backend": {}, "events": { "publishes": [${event}] }`);

testRule(eventOwnerConflict, {
  silent: [
    {
      name: 'events of two plugins',
      files: [publishes('plugin-crm', '"crm.contact.created"'), publishes('plugin-mail', '"mail.sent"')],
    },
  ],
  fires: [
    {
      name: "an event with the other plugin's name",
      files: [
        publishes('plugin-crm', '⟨"crm.contact.created"⟩'),
        publishes('plugin-mail', '⟦"crm.contact.created"⟧'),
      ],
      findings: [
        {
          message: 'the event "crm.contact.created" is already published by plugin "plugin-crm"',
          help: 'give it a name of its own, such as "mail.contact.created"',
        },
      ],
    },
    {
      name: 'one event of three plugins, with schemas or without',
      files: [
        publishes('plugin-crm', '⟨"contact.created"⟩'),
        publishes('plugin-mail', '{ "name": ⟦"contact.created"⟧, "schema": { "type": "string" } }'),
        publishes('plugin-tax', '⟦"contact.created"⟧'),
      ],
      findings: [
        {
          message: 'the event "contact.created" is already published by plugin "plugin-crm"',
          label: 'published again here',
          help: 'give it a name of its own, such as "mail.contact.created"',
        },
        { message: 'the event "contact.created" is already published by plugin "plugin-crm"' },
      ],
    },
  ],
});
