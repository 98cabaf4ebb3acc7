import { manifest, testRule } from '../../testing/rule-tester.ts';
import { unknownEvent } from './unknown-event.ts';

const CRM = manifest('plugin-crm', '"backend": {}, "events": { "publishes": ["crm.contact.created"] }');
const listens = (names: string) =>
  manifest('plugin-mail', `"backend": {}, "events": { "subscribes": [${names}] }`);

testRule(unknownEvent, {
  silent: [
    { name: 'an event of another plugin', files: [CRM, listens('"crm.contact.created"')] },
    {
      name: 'an event of its own',
      files: [CRM.replace('"publishes"', '"subscribes": ["crm.contact.created"], "publishes"')],
    },
    { name: 'an event of the platform', files: [listens('{ "name": "workspace.created" }')] },
    {
      name: 'hooks',
      files: [
        CRM,
        manifest(
          'plugin-mail',
          '"backend": { "hooks": [{ "name": "user.login" }, { "name": "crm.contact.created" }] }',
        ),
      ],
    },
    { name: 'an event that nobody wants', files: [CRM] },
    {
      name: 'a plugin that may publish it, and whose manifest is broken',
      files: [listens('"crm.contact.created"')],
      options: { brokenPlugins: ['plugin-crm'] },
    },
  ],
  fires: [
    {
      name: 'a name that is misspelt, in both lists',
      files: [
        CRM.replace('"crm.contact.created"', '⟨"crm.contact.created"⟩'),
        manifest(
          'plugin-mail',
          '"backend": { "hooks": [{ "name": ⟨"crm.contact.create"⟩ }] }, "events": { "subscribes": [{ "name": ⟦"crm.contact.create"⟧ }] }',
        ),
      ],
      findings: [
        {
          message: 'plugin "plugin-mail" subscribes to "crm.contact.create", which nobody publishes',
          label: 'no such event',
          help: 'change it to "crm.contact.created"',
          notes: [],
        },
      ],
    },
    {
      name: 'a hook whose event of the platform is misspelt',
      files: [manifest('plugin-mail', '"backend": { "hooks": [{ "name": ⟦"user.log-in"⟧ }] }')],
      findings: [
        {
          message: 'plugin "plugin-mail" has a hook for "user.log-in", which nobody publishes',
          help: 'change it to "user.login"',
          notes: ['"user.login" is an event of the platform'],
        },
      ],
    },
    {
      name: 'a name that nothing resembles',
      files: [CRM, listens('⟦"billing.invoice.paid"⟧')],
      findings: [
        {
          message: 'plugin "plugin-mail" subscribes to "billing.invoice.paid", which nobody publishes',
          help: 'add "billing.invoice.paid" to "events.publishes" of the plugin whose event it is',
          notes: [
            'there are "crm.contact.created", "user.login", "user.logout", "user.created", "tenant.created", "workspace.created" and "api.request"',
          ],
        },
      ],
    },
  ],
});
