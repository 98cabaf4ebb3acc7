import { manifest, testRule } from '../../testing/rule-tester.ts';
import { unknownService } from './unknown-service.ts';

const contacts =
  '{ "name": "crm.contacts", "version": "1.0.0", "endpoints": [{ "method": "GET", "path": "/contacts" }] }';
const dependsOn = (dependency: string) => `"api": { "dependencies": [${dependency}] }`;

testRule(unknownService, {
  silent: [
    {
      name: 'a service that is provided',
      files: [
        manifest('plugin-crm', `"api": { "services": [${contacts}] }`),
        manifest(
          'plugin-analytics',
          dependsOn('{ "pluginId": "plugin-crm", "serviceName": "crm.contacts", "version": "^1.0.0" }'),
        ),
      ],
    },
    {
      name: 'every service of a plugin',
      files: [
        manifest('plugin-crm', `"api": { "services": [${contacts}] }`),
        manifest('plugin-analytics', dependsOn('{ "pluginId": "plugin-crm", "version": "^1.0.0" }')),
      ],
    },
    {
      name: 'a plugin whose manifest is broken',
      files: [
        manifest(
          'plugin-analytics',
          dependsOn('{ "pluginId": "plugin-crm", "serviceName": "crm.contacts", "version": "^1.0.0" }'),
        ),
      ],
      options: { brokenPlugins: ['plugin-crm'] },
    },
  ],
  fires: [
    {
      name: 'a name that is misspelt',
      files: [
        manifest(
          'plugin-crm',
          `"api": { "services": [${contacts.replace('"crm.contacts"', '⟨"crm.contacts"⟩')}] }`,
        ),
        manifest(
          'plugin-analytics',
          dependsOn('{ "pluginId": "plugin-crm", "serviceName": ⟦"crm.contact"⟧, "version": "^1.0.0" }'),
        ),
      ],
      findings: [
        {
          message:
            'plugin "plugin-analytics" depends on service "crm.contact", which plugin-crm does not provide',
          label: 'no such service',
          help: 'change it to "crm.contacts"',
        },
      ],
    },
    {
      name: 'a name that nothing resembles',
      files: [
        manifest('plugin-crm', `"api": { "services": [${contacts}] }`),
        manifest(
          'plugin-analytics',
          dependsOn('{ "pluginId": "plugin-crm", "serviceName": ⟦"billing.invoices"⟧, "version": "^1.0.0" }'),
        ),
      ],
      findings: [
        {
          message:
            'plugin "plugin-analytics" depends on service "billing.invoices", which plugin-crm does not provide',
          help: 'plugin-crm provides "crm.contacts"',
        },
      ],
    },
    {
      name: 'a service of another plugin',
      files: [
        manifest(
          'plugin-crm',
          `"api": { "services": [${contacts.replace('"crm.contacts"', '⟨"crm.contacts"⟩')}] }`,
        ),
        manifest(
          'plugin-analytics',
          dependsOn('{ "pluginId": ⟨"plugin-mail"⟩, "serviceName": ⟦"crm.contacts"⟧, "version": "^1.0.0" }'),
        ),
        manifest('plugin-mail'),
      ],
      findings: [
        {
          message:
            'plugin "plugin-analytics" depends on service "crm.contacts", which plugin-mail does not provide',
          help: 'change "pluginId" to "plugin-crm"',
        },
      ],
    },
    {
      name: 'all services of a plugin that has none',
      files: [
        manifest('plugin-crm').replace('"plugin-crm"', '⟨"plugin-crm"⟩'),
        manifest('plugin-analytics', dependsOn('{ "pluginId": ⟦"plugin-crm"⟧, "version": "^1.0.0" }')),
      ],
      findings: [
        {
          message: 'plugin "plugin-analytics" depends on the services of "plugin-crm", which provides none',
          label: 'provides no service',
        },
      ],
    },
  ],
});
