import { manifest, testRule } from '../../testing/rule-tester.ts';
import { requestParameters } from './request-parameters.ts';

const plugin = (schema: string) =>
  manifest(
    'plugin-crm',
    `"backend": { "endpoints": [{ "method": "GET", "path": "/x", "schema": { ${schema} } }] }`,
  );
const object = (properties: string) => `{ "type": "object", "properties": { ${properties} } }`;

testRule(requestParameters, {
  silent: [
    {
      name: 'scalars and lists of them',
      files: [
        plugin(
          `"querystring": ${object('"take": { "type": "integer" }, "tags": { "type": "array", "items": { "type": "string" } }')},
           "headers": ${object('"x-trace": { "type": "string" }, "x-any": true')}`,
        ),
      ],
    },
  ],
  fires: [
    {
      name: 'a query parameter that holds an object',
      files: [plugin(`"querystring": ${object('⟦"filter"⟧: { "type": "object" }')}`)],
      findings: [{ message: 'the query parameter "filter" cannot hold an object' }],
    },
    {
      name: 'a list of objects in a header',
      files: [
        plugin(`"headers": ${object('⟦"x-items"⟧: { "type": "array", "items": { "type": "object" } }')}`),
      ],
      findings: [{ message: 'the header "x-items" cannot hold an object' }],
    },
    {
      name: 'a query that is no object',
      files: [plugin('"querystring": ⟦{ "type": "string" }⟧')],
      findings: [{ message: '"schema.querystring" is not the schema of an object' }],
    },
  ],
});
