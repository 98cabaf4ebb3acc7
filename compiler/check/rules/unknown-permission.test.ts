import { manifest, testRule } from '../../testing/rule-tester.ts';
import { unknownPermission } from './unknown-permission.ts';

const plugin = (permissions: string, ...asked: string[]) =>
  manifest(
    'plugin-crm',
    `"permissions": [${permissions}],
    "backend": { "endpoints": [${asked
      .map((each, index) => `{ "method": "GET", "path": "/x${index}", "permissions": [${each}] }`)
      .join(', ')}] }`,
  );
const READ = '{ "resource": "contacts", "action": "read" }';

testRule(unknownPermission, {
  silent: [
    { name: 'a declared permission', files: [plugin(READ, '"contacts:read"')] },
    {
      name: 'the dotted form, with the id or the name of the plugin',
      files: [plugin(READ, '"plugin.crm.contacts.read"', '"plugin.plugin-crm.contacts.read"')],
    },
  ],
  fires: [
    {
      name: 'a slip, in two endpoints',
      files: [plugin(`⟨${READ}⟩`, '⟦"contact:read"⟧', '⟨"contact:read"⟩')],
      findings: [
        {
          message: 'plugin "plugin-crm" declares no permission "contact:read"',
          help: 'change it to "contacts:read"',
        },
      ],
    },
    {
      name: 'a permission that nothing resembles',
      files: [plugin(READ, '⟦"invoices:pay"⟧')],
      findings: [
        {
          message: 'plugin "plugin-crm" declares no permission "invoices:pay"',
          help: 'add { "resource": "invoices", "action": "pay" } to "permissions"',
        },
      ],
    },
    {
      name: 'no form of a permission',
      files: [plugin(READ, '⟦"admin"⟧')],
      findings: [
        {
          message: '"admin" names no permission of plugin "plugin-crm"',
          label: 'write it as "resource:action"',
        },
      ],
    },
    {
      name: 'a permission of another plugin',
      files: [plugin(READ, '⟦"plugin.mail.contacts.read"⟧')],
      findings: [{ message: '"plugin.mail.contacts.read" names no permission of plugin "plugin-crm"' }],
    },
  ],
});
