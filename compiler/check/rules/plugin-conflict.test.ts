import { manifest, testRule } from '../../testing/rule-tester.ts';
import { pluginConflict } from './plugin-conflict.ts';

testRule(pluginConflict, {
  silent: [
    {
      name: 'a plugin that is not there',
      files: [manifest('plugin-a', '"dependencies": { "conflicts": ["plugin-b"] }')],
    },
  ],
  fires: [
    {
      name: 'one side says so',
      files: [
        manifest('plugin-a', '"dependencies": { "conflicts": [⟦"plugin-b"⟧] }'),
        manifest('plugin-b').replace('"plugin-b"', '⟨"plugin-b"⟩'),
      ],
      findings: [{ message: 'plugin "plugin-a" conflicts with "plugin-b", and both are in this workspace' }],
    },
    {
      name: 'both sides say so: one cause',
      files: [
        manifest('plugin-a', '"dependencies": { "conflicts": [⟦"plugin-b"⟧] }'),
        manifest('plugin-b', '"dependencies": { "conflicts": [⟨"plugin-a"⟩] }'),
      ],
      findings: [{ message: 'plugin "plugin-a" conflicts with "plugin-b", and both are in this workspace' }],
    },
    {
      name: 'a plugin with itself',
      files: [manifest('plugin-a', '"dependencies": { "conflicts": [⟦"plugin-a"⟧] }')],
      findings: [{ message: 'plugin "plugin-a" says that it conflicts with itself', help: 'remove it' }],
    },
  ],
});
