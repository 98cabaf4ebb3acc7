import { manifest, testRule } from '../../testing/rule-tester.ts';
import { routeConflict } from './route-conflict.ts';

const endpoint = (method: string, path: string) => `{ "method": "${method}", "path": ${path} }`;
const users = (...endpoints: string[]) => `"backend": { "endpoints": [${endpoints.join(', ')}] }`;
const service = (...endpoints: string[]) =>
  `"api": { "services": [{ "name": "crm.contacts", "version": "1.0.0", "endpoints": [${endpoints.join(', ')}] }] }`;

testRule(routeConflict, {
  silent: [
    {
      name: 'methods, and static segments beside a parameter',
      files: [
        manifest(
          'plugin-crm',
          users(
            endpoint('GET', '"/contacts/:id"'),
            endpoint('PUT', '"/contacts/:id"'),
            endpoint('GET', '"/contacts/all"'),
          ),
        ),
      ],
    },
    {
      name: 'an endpoint for users and for plugins',
      files: [
        manifest(
          'plugin-crm',
          `${users(endpoint('GET', '"/contacts"'))}, ${service(endpoint('GET', '"/contacts"'))}`,
        ),
      ],
    },
    {
      name: 'one path in two plugins',
      files: [
        manifest('plugin-crm', users(endpoint('GET', '"/contacts"'))),
        manifest('plugin-mail', users(endpoint('GET', '"/contacts"'))),
      ],
    },
  ],
  fires: [
    {
      name: 'one endpoint twice',
      files: [
        manifest('plugin-crm', users(endpoint('GET', '⟨"/contacts"⟩'), endpoint('GET', '⟦"/contacts"⟧'))),
      ],
      findings: [
        {
          message: 'GET /contacts of plugin-crm is already declared',
          label: 'claimed again here',
          notes: [],
        },
      ],
    },
    {
      name: 'other names for parameters',
      files: [
        manifest(
          'plugin-crm',
          users(endpoint('GET', '⟨"/contacts/:id"⟩'), endpoint('GET', '⟦"/contacts/:contactId"⟧')),
        ),
      ],
      findings: [
        {
          message: 'GET /contacts/:contactId of plugin-crm is already served by "/contacts/:id"',
          notes: ['the names of parameters do not tell requests apart'],
        },
      ],
    },
    {
      name: 'where a service repeats the second one: no contradiction besides',
      files: [
        manifest(
          'plugin-crm',
          `${users(endpoint('GET', '⟨"/contacts/:x"⟩'), endpoint('GET', '⟦"/contacts/:id"⟧'))}, ${service(endpoint('GET', '"/contacts/:id"'))}`,
        ),
      ],
      findings: [{ message: 'GET /contacts/:id of plugin-crm is already served by "/contacts/:x"' }],
    },
    {
      name: 'twice in one service',
      files: [
        manifest('plugin-crm', service(endpoint('GET', '⟨"/contacts"⟩'), endpoint('GET', '⟦"/contacts"⟧'))),
      ],
      findings: [{ message: 'GET /contacts of plugin-crm is already declared' }],
    },
  ],
});
