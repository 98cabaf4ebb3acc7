import { manifest, testRule } from '../../testing/rule-tester.ts';
import { identifierCollision } from './identifier-collision.ts';

const endpoint = (path: string, rest = '', method = 'GET') =>
  `{ "method": "${method}", "path": ${path}${rest === '' ? '' : `, ${rest}`} }`;
const service = (name: string, ...endpoints: string[]) =>
  `{ "name": ${name}, "version": "1.0.0", "endpoints": [${endpoints.join(', ') || endpoint(`"/${name.replace(/\W/g, '')}"`)}] }`;
const services = (...list: string[]) => manifest('plugin-crm', `"api": { "services": [${list.join(', ')}] }`);
const users = (...list: string[]) =>
  manifest('plugin-crm', `"backend": { "endpoints": [${list.join(', ')}] }`);

testRule(identifierCollision, {
  silent: [
    { name: 'services side by side', files: [services(service('"crm.contacts"'), service('"crm.deals"'))] },
    {
      name: 'the same method in two services, and the same operation in two plugins',
      files: [
        services(
          service('"a"', endpoint('"/a"', '"operationId": "list"')),
          service('"b"', endpoint('"/b"', '"operationId": "list"')),
        ),
        manifest('plugin-mail', `"backend": { "endpoints": [${endpoint('"/a"', '"operationId": "getA"')}] }`),
      ],
    },
    {
      name: 'path and query of different names',
      files: [
        users(
          endpoint(
            '"/x/:id"',
            '"schema": { "querystring": { "type": "object", "properties": { "take": {}, "body": {} } } }',
          ),
        ),
      ],
    },
    {
      name: 'methods that are words of JavaScript',
      files: [services(service('"a"', endpoint('"/a/:id"', '', 'DELETE')))],
    },
  ],
  fires: [
    {
      name: 'two plugins',
      files: [
        manifest('plugin-a-1').replace('"plugin-a-1"', '⟨"plugin-a-1"⟩'),
        manifest('plugin-a1').replace('"plugin-a1"', '⟦"plugin-a1"⟧'),
      ],
      findings: [
        { message: 'plugin "plugin-a-1" and plugin "plugin-a1" would both be "pluginA1" in generated code' },
      ],
    },
    {
      name: 'a plugin that is a word of JavaScript',
      files: [manifest('delete').replace('"delete"', '⟦"delete"⟧')],
      findings: [
        {
          message:
            'the identifier of plugin "delete" cannot be called "delete", which is a word of JavaScript',
          help: 'change the id of the plugin',
        },
      ],
    },
    {
      name: 'two services of one type',
      files: [services(service('⟨"crm-contacts"⟩'), service('⟦"crm.contacts"⟧', endpoint('"/y"')))],
      findings: [
        {
          message:
            'service "crm-contacts" and service "crm.contacts" would both be "CrmContacts" in generated code',
        },
      ],
    },
    {
      name: 'a service within another one',
      files: [services(service('⟨"crm"⟩'), service('⟦"crm.contacts"⟧'))],
      findings: [{ message: 'service "crm.contacts" would be a member of the client of service "crm"' }],
    },
    {
      name: 'two derived methods of a client',
      files: [
        services(
          service(
            '"crm"',
            endpoint('"/contacts/list"'),
            endpoint('⟨"/contacts/a-b"⟩'),
            endpoint('⟦"/contacts/a.b"⟧'),
          ),
        ),
      ],
      findings: [
        {
          message:
            'endpoint "GET /contacts/a-b" and endpoint "GET /contacts/a.b" would both be "getAB" in generated code',
          help: 'give one of the endpoints another "operationId" in "api.services"',
        },
      ],
    },
    {
      name: 'a method that every client has',
      files: [services(service('"crm"', endpoint('"/x"', '"operationId": ⟦"health"⟧')))],
      findings: [
        {
          message:
            'the method of the client of "crm" of endpoint "GET /x" cannot be called "health", which is a member that every client has',
        },
      ],
    },
    {
      name: 'two operations',
      files: [
        users(endpoint('"/a"', '"operationId": ⟨"find"⟩'), endpoint('"/b"', '"operationId": ⟦"find"⟧')),
      ],
      findings: [
        { message: 'endpoint "GET /a" and endpoint "GET /b" would both be "find" in generated code' },
      ],
    },
    {
      name: 'a schema and a service',
      files: [
        manifest(
          'plugin-crm',
          `"schemas": { ⟨"CrmContacts"⟩: {} }, "api": { "services": [${service('⟦"crm.contacts"⟧')}] }`,
        ),
      ],
      findings: [
        {
          message:
            'schema "CrmContacts" and service "crm.contacts" would both be "CrmContacts" in generated code',
        },
      ],
    },
    {
      name: 'schemas that TypeScript knows already',
      files: [manifest('plugin-crm', '"schemas": { ⟦"string"⟧: {}, ⟦"Record"⟧: {}, "Contact": {} }')],
      findings: [
        { message: 'the type of schema "string" cannot be called "string", which is a word of TypeScript' },
        { message: 'the type of schema "Record" cannot be called "Record", which is a word of TypeScript' },
      ],
    },
    {
      name: 'a path and a query parameter',
      files: [
        users(
          endpoint(
            '⟨⟦"/x/:id"⟧⟩',
            '"schema": { "querystring": { "type": "object", "properties": { "id": {} } } }',
          ),
        ),
      ],
      findings: [
        { message: 'path parameter "id" and query parameter "id" would both be "id" in generated code' },
      ],
    },
    {
      name: 'a parameter and the body',
      files: [users(endpoint('⟨⟦"/x/:body"⟧⟩', '"body": {}', 'POST'))],
      findings: [
        {
          message: 'path parameter "body" and the body of the request would both be "body" in generated code',
        },
      ],
    },
  ],
});
