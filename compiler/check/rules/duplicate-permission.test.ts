import { manifest, testRule } from '../../testing/rule-tester.ts';
import { duplicatePermission } from './duplicate-permission.ts';

const READ = '{ "resource": "contacts", "action": "read" }';
const WRITE = '{ "resource": "contacts", "action": "write" }';

testRule(duplicatePermission, {
  silent: [
    { name: 'two actions', files: [manifest('plugin-crm', `"permissions": [${READ}, ${WRITE}]`)] },
    {
      name: 'two plugins',
      files: [
        manifest('plugin-crm', `"permissions": [${READ}]`),
        manifest('plugin-mail', `"permissions": [${READ}]`),
      ],
    },
  ],
  fires: [
    {
      name: 'one permission twice',
      files: [manifest('plugin-crm', `"permissions": [⟨${READ}⟩, ${WRITE}, ⟦${READ}⟧]`)],
      findings: [{ message: 'plugin "plugin-crm" declares the permission "contacts:read" twice' }],
    },
  ],
});
