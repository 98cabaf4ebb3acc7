import { manifest, testRule } from '../../testing/rule-tester.ts';
import { dependencyCycle } from './dependency-cycle.ts';

/** A plugin with a service of its own, and edges to the services of others. */
const plugin = (name: string, edges: string) =>
  manifest(
    `plugin-${name}`,
    `"api": {
      "services": [{ "name": "${name}", "version": "1.0.0", "endpoints": [{ "method": "GET", "path": "/x" }] }],
      "dependencies": [${edges}]
    }`,
  );
const edge = (id: string, rest = '') => `{ "pluginId": ${id}, "version": "^1.0.0"${rest} }`;

testRule(dependencyCycle, {
  silent: [
    {
      name: 'a diamond',
      files: [
        plugin('a', `${edge('"plugin-b"')}, ${edge('"plugin-c"')}`),
        plugin('b', edge('"plugin-d"')),
        plugin('c', edge('"plugin-d"')),
        plugin('d', ''),
      ],
    },
    {
      name: 'a circle that an optional edge breaks',
      files: [plugin('a', edge('"plugin-b"')), plugin('b', edge('"plugin-a"', ', "required": false'))],
    },
  ],
  fires: [
    {
      name: 'two plugins',
      files: [plugin('a', edge('⟦"plugin-b"⟧')), plugin('b', edge('⟨"plugin-a"⟩'))],
      findings: [
        {
          message: 'plugins need each other in a cycle: plugin-a → plugin-b → plugin-a',
          label: 'plugin-a needs plugin-b here',
        },
      ],
    },
    {
      name: 'three plugins, from the smallest id on, through both ways to depend',
      files: [
        plugin('c', edge('⟨"plugin-a"⟩')),
        plugin('a', edge('⟦"plugin-b"⟧')),
        manifest(
          'plugin-b',
          `"api": { "services": [{ "name": "b", "version": "1.0.0", "endpoints": [{ "method": "GET", "path": "/x" }] }] },
           "dependencies": { "required": { ⟨"plugin-c"⟩: "*" } }`,
        ),
      ],
      findings: [
        { message: 'plugins need each other in a cycle: plugin-a → plugin-b → plugin-c → plugin-a' },
      ],
    },
    {
      name: 'two cycles through one plugin',
      files: [
        plugin('a', `${edge('⟦"plugin-b"⟧')}, ${edge('⟦"plugin-c"⟧')}`),
        plugin('b', edge('⟨"plugin-a"⟩')),
        plugin('c', edge('⟨"plugin-a"⟩')),
      ],
      findings: [
        { message: 'plugins need each other in a cycle: plugin-a → plugin-b → plugin-a' },
        { message: 'plugins need each other in a cycle: plugin-a → plugin-c → plugin-a' },
      ],
    },
    {
      name: 'a plugin on itself, even when optional',
      files: [plugin('a', edge('⟦"plugin-a"⟧', ', "required": false'))],
      findings: [{ message: 'plugin "plugin-a" depends on itself' }],
    },
  ],
});
