import { manifest, testRule } from '../../testing/rule-tester.ts';
import { unsafePattern } from './unsafe-pattern.ts';

testRule(unsafePattern, {
  silent: [
    {
      name: 'repetitions that a character keeps apart',
      files: [
        manifest(
          'plugin-crm',
          '"schemas": { "Slug": { "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" } }',
        ),
      ],
    },
    {
      name: 'data that is called pattern',
      files: [manifest('plugin-crm', '"schemas": { "X": { "examples": [{ "pattern": "(a+)+$" }] } }')],
    },
  ],
  fires: [
    {
      name: 'in a setting, whose default is then not tried, and in a schema',
      files: [
        manifest(
          'plugin-crm',
          `"config": [{ "key": "k", "type": "string", "label": "A setting", "default": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
            "validation": { "pattern": ⟦"^(a+)+$"⟧ } }],
           "schemas": { "X": { "type": "string", "pattern": ⟨"^(a+)+$"⟩ }, "Y": { "patternProperties": { ⟦"(.*)*x"⟧: {} } } }`,
        ),
      ],
      findings: [
        {
          message: 'the pattern "^(a+)+$" can take exponential time on some texts',
          notes: ['a part of it repeats in two ways on the same characters, as (a+)+ does'],
        },
        { message: 'the pattern "(.*)*x" can take exponential time on some texts' },
      ],
    },
  ],
});
