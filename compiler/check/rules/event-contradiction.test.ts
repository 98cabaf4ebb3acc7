import { manifest, testRule } from '../../testing/rule-tester.ts';
import { eventContradiction } from './event-contradiction.ts';

const crm = (schema: string) =>
  manifest(
    'plugin-crm',
    `"schemas": { "Contact": {
      "type": "object", "required": ["id"],
      "properties": { "id": { "type": "string" }, "age": { "type": "integer" }, "stage": { "enum": ["new", "old"] } }
    } },
    "backend": {}, "events": { "publishes": [{ "name": ⟨"crm.created"⟩, "schema": ${schema} }] }`,
  );
const mail = (schema: string) =>
  manifest(
    'plugin-mail',
    `"schemas": { "Seen": { "type": "object", "required": ["id"], "properties": { "age": { "type": "number" } } } },
    "backend": {}, "events": { "subscribes": [{ "name": "crm.created", ${schema} }] }`,
  );
const CONTACT = '{ "$ref": "#/schemas/Contact" }';
const unmarked = (text: string) => text.replace(/[⟨⟩⟦⟧]/g, '');

const fires = (name: string, promised: string, wanted: string, problem: string) => ({
  name,
  files: [crm(promised), mail(wanted.replace('"schema"', '⟦"schema"⟧'))],
  findings: [
    {
      message: `plugin "plugin-mail" expects of "crm.created" what plugin-crm does not promise: ${problem}`,
      label: 'contradicts the schema of the publisher',
    },
  ],
});

testRule(eventContradiction, {
  silent: [
    { name: 'no schema', files: [unmarked(crm(CONTACT)), mail('"description": "Who"')] },
    { name: 'a part of it', files: [unmarked(crm(CONTACT)), mail('"schema": { "$ref": "#/schemas/Seen" }')] },
    {
      name: 'what alternatives say',
      files: [
        unmarked(crm(`{ "anyOf": [${CONTACT}, { "type": "null" }] }`)),
        mail('"schema": { "type": "object", "required": ["id"] }'),
      ],
    },
    {
      name: 'more values than come',
      files: [
        unmarked(crm(CONTACT)),
        mail('"schema": { "properties": { "stage": { "enum": ["old", "new", "lost"] } } }'),
      ],
    },
  ],
  fires: [
    fires(
      'another type, below names',
      CONTACT,
      '"schema": { "properties": { "age": { "type": "string" } } }',
      '"data.age" may be of type "integer", and not only "string"',
    ),
    fires(
      'a type in a list',
      `{ "type": "array", "items": ${CONTACT} }`,
      '"schema": { "type": "array", "items": { "properties": { "id": { "type": ["integer", "null"] } } } }',
      '"data[].id" may be of type "string", and not only "integer" or "null"',
    ),
    fires(
      'a member that may be missing',
      CONTACT,
      '"schema": { "required": ["id", "age"] }',
      '"data.age" may be missing',
    ),
    fires(
      'a member that never comes',
      '{ "type": "object", "properties": { "id": {} }, "additionalProperties": false }',
      '"schema": { "type": "object", "properties": { "id": {}, "name": {} } }',
      '"data.name" never comes',
    ),
    fires(
      'fewer values than come',
      CONTACT,
      '"schema": { "properties": { "stage": { "const": "new" } } }',
      '"data.stage" may be "old", which the subscriber leaves out',
    ),
    {
      name: 'a publisher that promises nothing',
      files: [
        manifest('plugin-crm', '"backend": {}, "events": { "publishes": [⟨"crm.created"⟩] }'),
        mail('⟦"schema"⟧: { "type": "object" }'),
      ],
      findings: [
        {
          message:
            'plugin "plugin-mail" has a schema for "crm.created", of which plugin-crm promises nothing',
          help: 'move it to "events.publishes" of plugin-crm, or remove it',
        },
      ],
    },
    {
      name: 'an event of the platform',
      files: [
        manifest(
          'plugin-mail',
          `"backend": {}, "events": { "subscribes": [
            { "name": "user.login", ⟦"schema"⟧: { "type": "object", "required": ["userId", "password"] } }] }`,
        ),
      ],
      findings: [
        {
          message:
            'plugin "plugin-mail" expects of "user.login" what the platform does not promise: "data.password" may be missing',
        },
      ],
    },
  ],
});
