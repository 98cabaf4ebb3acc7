import { manifest, testRule } from '../../testing/rule-tester.ts';
import { duplicateService } from './duplicate-service.ts';

const service = (name: string, path = '/contacts') =>
  `{ "name": ${name}, "version": "1.0.0", "endpoints": [{ "method": "GET", "path": "${path}" }] }`;
const provides = (...services: string[]) => `"api": { "services": [${services.join(', ')}] }`;

testRule(duplicateService, {
  silent: [
    {
      name: 'two names',
      files: [manifest('plugin-crm', provides(service('"crm.contacts"'), service('"crm.deals"', '/deals')))],
    },
  ],
  fires: [
    {
      name: 'of two plugins',
      files: [
        manifest('plugin-crm', provides(service('⟨"crm.contacts"⟩'))),
        manifest('plugin-mail', provides(service('⟦"crm.contacts"⟧'))),
      ],
      findings: [
        {
          message: 'service "crm.contacts" is already provided by plugin "plugin-crm"',
          help: 'give it a name of its own, such as "mail.contacts"',
        },
      ],
    },
    {
      name: 'in one plugin',
      files: [
        manifest('plugin-crm', provides(service('⟨"crm.contacts"⟩'), service('⟦"crm.contacts"⟧', '/people'))),
      ],
      findings: [
        {
          message: 'service "crm.contacts" is already provided by plugin "plugin-crm"',
          help: 'put the endpoints of both into one service, or give one another name',
        },
      ],
    },
  ],
});
