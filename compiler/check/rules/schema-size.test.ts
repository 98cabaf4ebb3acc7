import { manifest, testRule } from '../../testing/rule-tester.ts';
import { schemaSize } from './schema-size.ts';

/** Each schema refers to the next one twice: written out, the first has 2 to the power of their number parts. */
const doubling = (count: number, name: (index: number) => string = (index) => `"S${index}"`) =>
  Array.from({ length: count }, (_, index) => {
    const next = index + 1 < count ? `{ "$ref": "#/schemas/S${index + 1}" }` : '{ "type": "string" }';
    return `${name(index)}: { "type": "object", "properties": { "a": ${next}, "b": ${next} } }`;
  }).join(',\n');

testRule(schemaSize, {
  silent: [{ name: 'eleven doublings', files: [manifest('plugin-crm', `"schemas": { ${doubling(11)} }`)] }],
  fires: [
    {
      name: 'forty doublings: the first schema that is too large is the cause',
      files: [
        manifest(
          'plugin-crm',
          `"schemas": { ${doubling(40, (index) => (index === 27 ? `⟦"S${index}"⟧` : `"S${index}"`))} },
           "backend": { "endpoints": [{ "method": "POST", "path": "/x", "body": { "$ref": "#/schemas/S0" } }] }`,
        ),
      ],
      findings: [
        {
          message: 'the schema "S27" is too large with its references written out',
          label: 'more than 10000 parts',
        },
      ],
    },
    {
      name: 'an endpoint',
      files: [
        manifest(
          'plugin-crm',
          `"schemas": { ${doubling(11)} },
           "backend": { "endpoints": [{ "method": "POST", "path": ⟦"/x"⟧,
             "body": { "anyOf": [${Array.from({ length: 4 }, () => '{ "$ref": "#/schemas/S0" }').join(', ')}] } }] }`,
        ),
      ],
      findings: [
        { message: 'a schema of POST /x of plugin-crm is too large with its references written out' },
      ],
    },
  ],
});
