import { manifest, testRule } from '../../testing/rule-tester.ts';
import { websocketEndpoint } from './websocket-endpoint.ts';

const live = (method: string, rest: string) => `{ "method": ${method}, "path": "/live", ${rest} }`;
const alone = (method: string, rest: string) =>
  manifest('plugin-crm', `"backend": { "endpoints": [${live(method, rest)}] }`);
const both = (method: string, users: string, plugins: string) =>
  manifest(
    'plugin-crm',
    `"backend": { "endpoints": [${live(method, users)}] },
    "api": { "services": [{ "name": "crm", "version": "1.0.0", "endpoints": [${live(method, plugins)}] }] }`,
  );

testRule(websocketEndpoint, {
  silent: [
    {
      name: 'a GET with a query, headers and refusals',
      files: [
        alone(
          '"GET"',
          `"webSocket": true, "schema": {
            "querystring": { "type": "object" }, "headers": { "type": "object" }, "response": { "101": {}, "403": {}, "5xx": {} }
          }`,
        ),
      ],
    },
    { name: 'an endpoint of a service', files: [both('"GET"', '"webSocket": true', '"auth": true')] },
    {
      name: 'one that is none',
      files: [alone('"POST"', '"webSocket": false, "body": {}, "returns": { "message": true }')],
    },
  ],
  fires: [
    {
      name: 'another method',
      files: [alone('⟦"POST"⟧', '⟨"webSocket"⟩: true')],
      findings: [
        {
          message:
            'POST /live of plugin-crm is a WebSocket endpoint, and those begin with GET, not with POST',
          help: 'change it to "GET", or remove "webSocket"',
        },
      ],
    },
    {
      name: 'answers with data, whichever declaration has them',
      files: [
        both(
          '"GET"',
          '"webSocket": true, "schema": { "response": { "404": {}, ⟦"2xx"⟧: {} } }',
          '⟦"returns"⟧: { "data": {} }',
        ),
      ],
      findings: [
        { message: 'GET /live of plugin-crm is a WebSocket endpoint, and does not answer with data' },
        { message: 'GET /live of plugin-crm is a WebSocket endpoint, and does not answer with data' },
      ],
    },
  ],
});
