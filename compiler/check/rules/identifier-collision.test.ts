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
      name: 'a service and what a plugin depends on',
      files: [services(service('⟨"plugin-crm-dependencies"⟩')).replace('"plugin-crm"', '⟦"plugin-crm"⟧')],
      findings: [
        {
          message:
            'service "plugin-crm-dependencies" and plugin "plugin-crm" would both be "PluginCrmDependencies" in generated code',
        },
      ],
    },
    {
      name: 'services that are words of JavaScript or of the client modules',
      files: [services(service('⟦"delete"⟧'), service('⟦"list"⟧'), service('⟦"gateway"⟧'))],
      findings: [
        {
          message:
            'service "delete" would be "Delete" in generated code, which has that name for something else',
        },
        {
          message: 'service "list" would be "List" in generated code, which has that name for something else',
        },
        {
          message:
            'service "gateway" would be "Gateway" in generated code, which has that name for something else',
        },
      ],
    },
    {
      name: 'two derived methods, whose operations meet too: one cause',
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
      name: 'two methods that are called alike',
      files: [
        services(
          service(
            '"crm"',
            endpoint('"/a"', '"operationId": ⟨"find"⟩'),
            endpoint('"/b"', '"operationId": ⟦"find"⟧'),
          ),
        ),
      ],
      findings: [
        { message: 'endpoint "GET /a" and endpoint "GET /b" would both be "find" in generated code' },
      ],
    },
    {
      name: 'a method that every client has',
      files: [services(service('"crm"', endpoint('"/x"', '"operationId": ⟦"health"⟧')))],
      findings: [
        {
          message:
            'endpoint "GET /x" would be "health" in generated code, which has that name for something else',
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
      name: 'schemas that generated code knows already',
      files: [
        manifest(
          'plugin-crm',
          '"schemas": { ⟦"string"⟧: {}, ⟦"Record"⟧: {}, "Contact": {}, ⟦"Routes"⟧: {}, ⟦"PluginCrmConfig"⟧: {}, ⟦"config"⟧: {} }',
        ),
      ],
      findings: ['string', 'Record', 'Routes', 'PluginCrmConfig', 'config'].map((name) => ({
        message: `schema "${name}" would be "${name}" in generated code, which has that name for something else`,
        help: 'change the name of the schema',
      })),
    },
    {
      name: 'payloads of events',
      files: [
        manifest(
          'plugin-crm',
          '"backend": {}, "events": { "publishes": [⟨"crm.contact.created"⟩, ⟦"crm.contact-created"⟧, ⟦"record"⟧] }',
        ),
        manifest('plugin-mail', '"backend": {}, "events": { "publishes": ["crm.contact_created"] }'),
      ],
      findings: [
        {
          message:
            'event "crm.contact.created" and event "crm.contact-created" would both be "CrmContactCreated" in generated code',
          help: 'change the name of the event',
        },
        {
          message:
            'event "record" would be "Record" in generated code, which has that name for something else',
        },
      ],
    },
    {
      name: 'a setting that would be the prototype',
      files: [manifest('plugin-crm', '"config": [{ "key": ⟦"__proto__"⟧, "type": "json", "label": "L" }]')],
      findings: [
        {
          message:
            'setting "__proto__" would be "__proto__" in generated code, which has that name for something else',
        },
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
          message:
            'path parameter "body" and the body of POST /x/:body of plugin-crm would both be "body" in generated code',
        },
      ],
    },
  ],
});
