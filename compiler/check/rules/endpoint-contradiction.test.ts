import { manifest, testRule } from '../../testing/rule-tester.ts';
import { endpointContradiction } from './endpoint-contradiction.ts';

const endpoint = (method: string, rest: string, path = '/contacts/:id') =>
  `{ "method": "${method}", "path": "${path}"${rest === '' ? '' : `, ${rest}`} }`;
const alone = (method: string, rest: string) =>
  manifest('plugin-crm', `"backend": { "endpoints": [${endpoint(method, rest)}] }`);
const both = (method: string, users: string, plugins: string, path?: string) =>
  manifest(
    'plugin-crm',
    `"permissions": [{ "resource": "a", "action": "b" }, { "resource": "c", "action": "d" }],
    "backend": { "endpoints": [${endpoint(method, users)}] },
    "api": { "services": [{ "name": "crm", "version": "1.0.0", "endpoints": [${endpoint(method, plugins, path)}] }] }`,
  );
const LONG =
  '{ "type": "object", "title": "A contact", "properties": { "a": { "enum": [1, 2] }, "b": true } }';
const SAME = '{ "properties": { "b": true, "a": { "enum": [2, 1] } }, "type": "object" }';

testRule(endpointContradiction, {
  silent: [
    {
      name: 'the same schema in other words',
      files: [both('PUT', `"body": ${LONG}`, `"schema": { "body": ${SAME} }`)],
    },
    {
      name: 'permissions, which are merged',
      files: [both('PUT', '"permissions": ["a:b"]', '"permissions": ["c:d"]')],
    },
    {
      name: 'what only one says',
      files: [both('GET', '"auth": false, "timeoutMs": 10', '"returns": { "message": true }')],
    },
    {
      name: 'a short and a long form of one answer',
      files: [
        both(
          'GET',
          '"returns": { "message": true }',
          `"schema": { "response": { "200": {
        "type": "object", "required": ["success", "message"],
        "properties": { "success": { "const": true }, "message": { "type": "string" } }, "additionalProperties": false } } }`,
        ),
      ],
    },
    {
      name: 'the answers to errors beside "returns"',
      files: [alone('GET', '"returns": { "message": true }, "schema": { "response": { "404": {} } }')],
    },
    { name: 'DELETE with a body', files: [alone('DELETE', '"body": {}')] },
  ],
  fires: [
    {
      name: 'two bodies',
      files: [alone('PUT', '⟦"body"⟧: {}, "schema": { ⟨"body"⟩: {} }')],
      findings: [
        {
          message: 'PUT /contacts/:id of plugin-crm has two schemas of its body',
          help: 'remove "body" or "schema.body"',
        },
      ],
    },
    {
      name: 'two answers',
      files: [alone('PUT', '⟦"returns"⟧: { "message": true }, "schema": { "response": { ⟨"201"⟩: {} } }')],
      findings: [{ message: 'PUT /contacts/:id of plugin-crm has two schemas of its successful answer' }],
    },
    {
      name: 'a GET with a body',
      files: [alone('GET', '⟦"body"⟧: {}')],
      findings: [
        {
          message:
            'GET /contacts/:id of plugin-crm cannot have a body: servers ignore or refuse the body of a GET request',
        },
      ],
    },
    {
      name: 'schemas of both lists',
      files: [both('PUT', `"body": ⟨${LONG}⟩`, '"body": ⟦{ "type": "string" }⟧')],
      findings: [
        {
          message: 'the declarations of PUT /contacts/:id of plugin-crm disagree on the schema of its body',
          help: 'let both say the same, or let only one of them say it',
        },
      ],
    },
    {
      name: 'answers of both lists',
      files: [both('PUT', '"returns": ⟨{ "message": true }⟩', '"returns": ⟦{ "data": {} }⟧')],
      findings: [
        {
          message:
            'the declarations of PUT /contacts/:id of plugin-crm disagree on the schema of its answer with status 200',
        },
      ],
    },
    {
      name: 'sign-in, time limit and parameter names',
      files: [
        both(
          'GET',
          '"auth": ⟨true⟩, "timeoutMs": ⟨10⟩',
          '"auth": ⟦false⟧, "timeoutMs": ⟦20⟧',
          '/contacts/:contactId',
        )
          .replace('"/contacts/:id"', '⟨"/contacts/:id"⟩')
          .replace('"/contacts/:contactId"', '⟦"/contacts/:contactId"⟧'),
      ],
      findings: [
        {
          message:
            'the declarations of GET /contacts/:id of plugin-crm disagree on the names of its parameters',
        },
        {
          message:
            'the declarations of GET /contacts/:id of plugin-crm disagree on whether a user must be signed in',
        },
        { message: 'the declarations of GET /contacts/:id of plugin-crm disagree on "timeoutMs"' },
      ],
    },
    {
      name: 'what the gateway does with a request',
      files: [
        both(
          'GET',
          '"validateBody": ⟨true⟩, "webSocket": ⟨true⟩',
          '"validateBody": ⟦false⟧, "webSocket": ⟦false⟧',
        ),
      ],
      findings: [
        { message: 'the declarations of GET /contacts/:id of plugin-crm disagree on "validateBody"' },
        { message: 'the declarations of GET /contacts/:id of plugin-crm disagree on "webSocket"' },
      ],
    },
  ],
});
