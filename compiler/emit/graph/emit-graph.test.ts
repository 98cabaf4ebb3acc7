import { describe, expect, it } from 'vitest';
import { matchGolden } from '../../testing/match-golden.ts';
import { programOf } from '../../testing/program-of.ts';
import { readWorkspace } from '../../testing/read-workspace.ts';
import { reversed } from '../../testing/reversed.ts';
import { emitGraph } from './emit-graph.ts';
import { graphDot } from './graph-dot.ts';
import { graphMermaid } from './graph-mermaid.ts';

const fixture = (name: string) => readWorkspace(new URL(`../fixtures/${name}/`, import.meta.url));

describe('the graph of dependencies', () => {
  it.each(['shop', 'hostile'])('is the golden one of %s, in both languages', async (name) => {
    const program = programOf(fixture(name));
    const files = [...emitGraph(program), { path: 'graph.dot', text: graphDot(program) }];
    await matchGolden(files, new URL(`golden/${name}/`, import.meta.url));
  });

  it('is the same for the same files in another order', () => {
    const files = fixture('shop');
    expect(graphMermaid(programOf(reversed(files)))).toBe(graphMermaid(programOf(files)));
    expect(graphDot(programOf(reversed(files)))).toBe(graphDot(programOf(files)));
  });

  const HOSTILE_NAMES = [
    '"]; click plugin_a call alert(1)',
    'a\nplugin_a --> plugin_b',
    'a\r\u2028\u2029\u0085%%{init: {}}%%',
    '<script>alert(1)</script>',
    '`**bold**`',
    '#quot;#34;',
    '&lt;b&gt;',
    '\\" ]; evil [',
    '\\',
    '1. a list',
    '- a list',
    '\u202eright to left',
  ];

  it.each(HOSTILE_NAMES)('keeps the name %j text', (name) => {
    const program = programOf({ 'a/plugin.json': { id: 'plugin-a', name, version: '1.0.0' } });
    // Safe characters and entity codes, two lines in one label, and nothing behind it.
    expect(graphMermaid(program).split('\n').slice(2)).toEqual([
      expect.stringMatching(
        /^ {2}plugin_plugin_a\["(?:[\p{L}\p{N} .,:/()-]|#\d+;)*<br>plugin-a 1\.0\.0"\]$/u,
      ),
      '',
    ]);
    expect(graphDot(program).split('\n').slice(4)).toEqual([
      expect.stringMatching(
        /^ {2}"plugin-a" \[label="(?:[^"\\<&\p{Cc}\p{Z}]| |\\["\\]|&\w+;)*\\nplugin-a 1\.0\.0"\];$/u,
      ),
      '}',
      '',
    ]);
  });
});
