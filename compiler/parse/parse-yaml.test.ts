import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { toValue } from '../ir/document.ts';
import { listFindings } from '../testing/list-findings.ts';
import { parseYaml } from './parse-yaml.ts';

const parse = (text: string) => parseYaml({ path: 'plexica.yaml', text });

describe('parseYaml', () => {
  it.each([
    ['a: 1', { a: 1 }],
    ['a:', { a: null }],
    ['a: yes\nb: "true"\nc: true', { a: 'yes', b: 'true', c: true }],
    ['a: 0o17\nb: 1_000\nc: 12e2', { a: 15, b: '1_000', c: 1200 }],
    ['1: x\ntrue: y', { 1: 'x', true: 'y' }],
    ['a: &a [1]\nb: *a', { a: [1], b: [1] }],
    ['---\na: 1\n...\n', { a: 1 }],
  ])('reads %j', (text, expected) => {
    const { value, diagnostics } = parse(text);

    expect(listFindings(diagnostics)).toEqual([]);
    expect(value && toValue(value)).toEqual(expected);
  });

  it('gives keys and values their places', () => {
    const text = 'plugins:\n  - "a/*.json"\n';
    const { value } = parse(text);
    const member = value?.kind === 'object' ? value.members.get('plugins') : undefined;
    const glob = member?.value.kind === 'array' ? member.value.items[0] : undefined;

    expect(member?.key.span).toMatchObject({ start: 0, end: 7 });
    expect(text.slice(glob?.span.start, glob?.span.end)).toBe('"a/*.json"');
    expect(text.slice(member?.value.span.start, member?.value.span.end)).toBe('- "a/*.json"');
  });

  it.each([
    ['', 'PLX1110 1:1 : the file is empty'],
    ['# only words\n', 'PLX1110 1:1 : the file is empty'],
    ['a\n---\nb', 'PLX1102 2:1 : the file holds more than one YAML document'],
    ['a: &x [*x]', 'PLX1102 1:8 *x: an alias stands inside what it names'],
    ['a: *x', 'PLX1102 1:4 *x: no anchor &x stands before this alias'],
    ['? [a]\n: b', 'PLX1102 1:3 [a]: a key must be a string'],
    ['a: .inf', 'PLX1102 1:4 .inf: this value has no meaning here'],
    ['a: !!binary aGk=', 'PLX1102 1:13 aGk=: this value has no meaning here'],
    ['\ta: 1', 'PLX1102 1:1 \t: the file is not YAML: Tabs are not allowed as indentation'],
  ])('tells the one cause in %j', (text, finding) => {
    const { value, diagnostics } = parse(text);

    expect(listFindings(diagnostics)).toEqual([finding]);
    expect(value).toBeUndefined();
  });

  it.each([
    [
      'long list',
      '- '.repeat(101),
      'PLX1106 1:201 -: maps and lists stand more than 100 deep in one another',
    ],
    [
      'open brackets',
      '['.repeat(50_000),
      'PLX1106 1:101 [: maps and lists stand more than 100 deep in one another',
    ],
  ])('bounds the depth of %s', (_, text, finding) => {
    expect(listFindings(parse(text).diagnostics)).toEqual([finding]);
  });

  it('keeps the first of two equal keys', () => {
    const { value, diagnostics } = parse('a: 1\na: 2');

    expect(value && toValue(value)).toEqual({ a: 1 });
    expect(listFindings(diagnostics)).toEqual(['PLX1103 2:1 a: the key "a" stands twice in one map']);
    expect(diagnostics[0]?.related?.[0]?.at).toMatchObject({ start: 0, end: 1 });
  });

  it('bounds what aliases can grow to', () => {
    const levels = Array.from(
      { length: 20 },
      (_, level) => `l${level}: &l${level} [${`*l${level - 1}, `.repeat(level && 9)}]`,
    );

    expect(parse(levels.join('\n')).diagnostics).toMatchObject([
      { message: 'aliases make the document too large' },
    ]);
  });

  it('reads what the yaml package writes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 })), (object) => {
        fc.pre(Object.keys(object).length > 0);
        const { value } = parse(stringify(object, { aliasDuplicateObjects: false }));
        expect(value && JSON.parse(JSON.stringify(toValue(value)))).toEqual(
          JSON.parse(JSON.stringify(object)),
        );
      }),
    );
  });

  it('never throws', () => {
    const parts = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&a',
      '*a',
      '"',
      '|',
      '>',
      '!',
      '#',
      '?',
      '\t',
      ',',
      '%',
      '---',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(parts).map((some) => some.join('')),
        ),
        (text) => {
          const { value, diagnostics } = parse(text);
          expect(value !== undefined || diagnostics.length === 1).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
