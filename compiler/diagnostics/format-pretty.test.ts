import { describe, expect, it } from 'vitest';
import type { SourceFile, Span } from '../ir/source.ts';
import { type Diagnostic, diagnostic, type Finding } from './diagnostic.ts';
import { formatPretty } from './format-pretty.ts';
import { stylesFor } from './styles.ts';

const KIND = { code: 'PLX3002', name: 'unknown-service', severity: 'error' } as const;

describe('formatPretty', () => {
  it('shows a finding with a place in another file', () => {
    const analytics = fileOf('plugins/analytics/plugin.json', 57, '        "serviceName": "crm.contact",');
    const crm = fileOf('plugins/crm/plugin.json', 70, '        "name": "crm.contacts",');

    expect(
      pretty({
        at: spanOf(analytics, '"crm.contact"'),
        message:
          'plugin "plugin-analytics" depends on service "crm.contact", which plugin-crm does not provide',
        label: 'no such service',
        related: [
          { at: spanOf(crm, '"crm.contacts"'), label: 'a service with a similar name is declared here' },
        ],
        help: 'change it to "crm.contacts"',
      }),
    ).toBe(`\
error[PLX3002] unknown-service: plugin "plugin-analytics" depends on service "crm.contact", which plugin-crm does not provide
  --> plugins/analytics/plugin.json:58:24
   |
58 |         "serviceName": "crm.contact",
   |                        ^^^^^^^^^^^^^ no such service
   |
  ::: plugins/crm/plugin.json:71:17
   |
71 |         "name": "crm.contacts",
   |                 -------------- a service with a similar name is declared here
   |
   = help: change it to "crm.contacts"
   = docs: plexica explain PLX3002
`);
  });

  it('joins places of one file, near and far, and widens the gutter for the longest number', () => {
    const file = { path: 'a.json', text: `first\nsecond\nthird\n${'\n'.repeat(97)}last` };

    expect(
      pretty({
        at: spanOf(file, 'third'),
        message: 'm',
        label: 'here',
        related: [
          { at: spanOf(file, 'first'), label: 'there' },
          { at: spanOf(file, 'last'), label: 'far' },
        ],
        notes: ['n'],
      }),
    ).toBe(`\
error[PLX3002] unknown-service: m
   --> a.json:3:1
    |
  1 | first
    | ----- there
  2 | second
  3 | third
    | ^^^^^ here
...
101 | last
    | ---- far
    |
    = note: n
    = docs: plexica explain PLX3002
`);
  });

  it('marks two places of one line', () => {
    const file = { path: 'a.json', text: '{"a": 1, "a": 2}' };
    const first = { file, start: 1, end: 4 };

    expect(
      frame({
        at: { file, start: 9, end: 12 },
        message: 'm',
        label: 'again',
        related: [{ at: first, label: 'first' }],
      }),
    ).toBe(`\
1 | {"a": 1, "a": 2}
  |  --- first
  |          ^^^ again`);
  });

  it('marks the first and the last line of a long stretch', () => {
    const file = { path: 'a.json', text: '[\n  {\n    "a": 1,\n    "b": 2\n  }\n]' };

    expect(frame({ at: { file, start: 4, end: 32 }, message: 'm', label: 'all of it' })).toBe(`\
2 |   {
  |   ^
...
5 |   }
  |   ^ all of it`);
  });

  it.each([
    ['a tab', '\t"a"', '1 |     "a"\n  |     ^^^'],
    ['wide characters', '"日本" "a"', '1 | "日本" "a"\n  |        ^^^'],
    ['an emoji', '"😀" "a"', '1 | "😀" "a"\n  |      ^^^'],
    ['a combining mark', '"e\u0301" "a"', '1 | "e\u0301" "a"\n  |     ^^^'],
    ['a control character', '\u001b "a"', '1 | \\u{1b} "a"\n  |        ^^^'],
    ['a carriage return at the end', '"a"\r\n', '1 | "a"\n  | ^^^'],
  ])('points right behind %s', (_, text, shown) => {
    const file = { path: 'a.json', text };

    expect(frame({ at: spanOf(file, '"a"'), message: 'm' })).toBe(shown);
  });

  it('shows the part of a long line that matters', () => {
    const file = { path: 'a.json', text: `${'x'.repeat(500)}"a"${'y'.repeat(500)}` };
    const [line = '', marks = ''] = frame({ at: spanOf(file, '"a"'), message: 'm' }).split('\n');

    expect(line.length).toBeLessThan(140);
    expect(line).toMatch(/^1 \| …x+"a"y+…$/);
    expect(marks.indexOf('^^^')).toBe(line.indexOf('"a"'));
  });

  it('points at the end of a file', () => {
    const file = { path: 'a.json', text: '{\n' };

    expect(frame({ at: { file, start: 2, end: 2 }, message: 'm', label: 'ends' })).toBe('2 |\n  | ^ ends');
  });

  it('shows no source where there is none', () => {
    const file = { path: 'plexica.yaml', text: '' };

    expect(pretty({ at: { file, start: 0, end: 0 }, message: 'it does not exist', help: 'write it' })).toBe(`\
error[PLX3002] unknown-service: it does not exist
 --> plexica.yaml:1:1
  = help: write it
  = docs: plexica explain PLX3002
`);
  });

  it('lets nothing in a manifest steer the terminal', () => {
    const file = { path: 'evil\u001b[2J.json', text: '"\u001b]0;title\u0007"' };
    const text = pretty({
      at: { file, start: 0, end: 1 },
      message: '\u001b[31m',
      label: '\u009b1m',
      help: 'a\nb',
    });

    expect(text.replaceAll('\n', '')).toMatch(/^[\x20-\x7e]*$/);
    expect(text).toContain('help: a\\nb');
  });

  it.each([
    [[], 3, 'no findings in 3 plugins\n'],
    [['error'], 1, '1 error in 1 plugin\n'],
    [['error', 'error', 'warning'], 3, '2 errors, 1 warning in 3 plugins\n'],
    [['error'], 0, '1 error\n'],
  ] as const)('ends with a count: %j in %i', (severities, plugins, line) => {
    const at = { file: { path: 'a', text: '' }, start: 0, end: 0 };
    const findings = severities.map((severity) => diagnostic({ ...KIND, severity }, { at, message: 'm' }));

    expect(formatPretty(findings, plugins, stylesFor(false)).split('\n').slice(-2).join('\n')).toBe(line);
  });

  it('uses colour where it is asked to', () => {
    const file = { path: 'a.json', text: '"a"' };
    const finding = diagnostic(KIND, { at: { file, start: 0, end: 3 }, message: 'm' });

    expect(formatPretty([finding], 1, stylesFor(true))).toContain('\u001b[31m');
    expect(formatPretty([finding], 1, stylesFor(false))).not.toContain('\u001b');
  });
});

function pretty(finding: Finding): string {
  const all: readonly Diagnostic[] = [diagnostic(KIND, finding)];
  return formatPretty(all, 1, stylesFor(false)).replace(/\n1 error in 1 plugin\n$/, '');
}

/** The lines of the source with their marks. */
function frame(finding: Finding): string {
  return pretty(finding).split('\n').slice(3, -3).join('\n');
}

function fileOf(path: string, linesBefore: number, line: string): SourceFile {
  return { path, text: `${'\n'.repeat(linesBefore)}${line}\n` };
}

function spanOf(file: SourceFile, part: string): Span {
  const start = file.text.indexOf(part);
  return { file, start, end: start + part.length };
}
