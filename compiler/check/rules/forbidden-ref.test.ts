import { manifest, testRule } from '../../testing/rule-tester.ts';
import { forbiddenRef } from './forbidden-ref.ts';

const plugin = (ref: string) =>
  manifest('plugin-crm', `"schemas": { "Contact": { "type": "object" }, "Other": { "$ref": ${ref} } }`);

const fires = (ref: string, help: string) => ({
  name: ref,
  files: [plugin(`⟦"${ref}"⟧`)],
  findings: [{ message: `a "$ref" may not lead to "${ref}"`, help }],
});

testRule(forbiddenRef, {
  silent: [
    { name: 'a schema of the manifest', files: [plugin('"#/schemas/Contact"')] },
    ...['./contact.json', '../contact.json', '/etc/contact.json'].map((ref) => ({
      name: `${ref}, which is for the load phase to judge`,
      files: [plugin(`"${ref}"`)],
    })),
  ],
  fires: [
    fires(
      'https://example.com/contact.json',
      "save the schema into the plugin's folder and refer to that file",
    ),
    fires('file:///etc/passwd', "save the schema into the plugin's folder and refer to that file"),
    fires('#/$defs/Contact', 'change it to "#/schemas/Contact"'),
    fires('#Contact', 'change it to "#/schemas/Contact"'),
    fires('#', 'give the schema a name in "schemas", and refer to it as "#/schemas/Name"'),
    fires('contact.json', 'change it to "./contact.json"'),
    fires('', 'give the schema a name in "schemas", and refer to it as "#/schemas/Name"'),
  ],
});
