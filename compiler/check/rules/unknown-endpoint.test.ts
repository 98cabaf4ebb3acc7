import { manifest, testRule } from '../../testing/rule-tester.ts';
import { unknownEndpoint } from './unknown-endpoint.ts';

const crm = manifest(
  'plugin-crm',
  `"api": { "services": [
    { "name": "crm.contacts", "version": "1.0.0", "endpoints": [
      { "method": "GET", "path": "/contacts" },
      { "method": "GET", "path": "/contacts/:id" }
    ] },
    { "name": "crm.deals", "version": "1.0.0", "endpoints": [{ "method": "GET", "path": "/deals" }] }
  ] }`,
);
const calls = (endpoints: string, service = '"serviceName": "crm.contacts", ') =>
  manifest(
    'plugin-a',
    `"api": { "dependencies": [{ "pluginId": "plugin-crm", ${service}"version": "^1.0.0", "endpoints": [${endpoints}] }] }`,
  );

testRule(unknownEndpoint, {
  silent: [
    { name: 'what the service offers', files: [crm, calls('"GET /contacts", "GET /contacts/:id"')] },
    { name: 'another name for a parameter', files: [crm, calls('"GET /contacts/:contactId"')] },
    { name: 'endpoints of several services', files: [crm, calls('"GET /contacts", "GET /deals"', '')] },
  ],
  fires: [
    {
      name: 'a slip',
      files: [crm.replace('"/contacts"', '⟨"/contacts"⟩'), calls('⟦"GET /contact"⟧')],
      findings: [
        {
          message: 'service "crm.contacts" offers no endpoint "GET /contact"',
          help: 'change it to "GET /contacts"',
        },
      ],
    },
    {
      name: 'another method',
      files: [crm.replace('"/contacts/:id"', '⟨"/contacts/:id"⟩'), calls('⟦"DELETE /contacts/:id"⟧')],
      findings: [
        {
          message: 'service "crm.contacts" offers no endpoint "DELETE /contacts/:id"',
          help: 'change it to "GET /contacts/:id"',
        },
      ],
    },
    {
      name: 'an endpoint of another service',
      files: [crm.replace('"crm.contacts"', '⟨"crm.contacts"⟩'), calls('⟦"GET /deals"⟧')],
      findings: [
        {
          message: 'service "crm.contacts" offers no endpoint "GET /deals"',
          help: 'it offers "GET /contacts" and "GET /contacts/:id"',
        },
      ],
    },
    {
      name: 'an endpoint of no service',
      files: [crm.replace('"crm.contacts"', '⟨"crm.contacts"⟩'), calls('⟦"POST /invoices/all"⟧', '')],
      findings: [{ message: 'plugin "plugin-crm" offers no endpoint "POST /invoices/all"' }],
    },
  ],
});
