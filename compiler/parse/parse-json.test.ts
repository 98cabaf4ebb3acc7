import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toValue } from '../ir/document.ts';
import { listFindings } from '../testing/list-findings.ts';
import { parseJson } from './parse-json.ts';

const parse = (text: string) => parseJson({ path: 'plugin.json', text });

describe('parseJson', () => {
  it('gives every part its place', () => {
    const text = '{ "a": [1, "b"] }';
    const { value } = parse(text);
    if (value?.kind !== 'object') throw new Error('not an object');
    const list = value.members.get('a')?.value;
    if (list?.kind !== 'array') throw new Error('not a list');

    const shown = [value, list, ...list.items].map(({ span }) => text.slice(span.start, span.end));
    expect(shown).toEqual([text, '[1, "b"]', '1', '"b"']);
    expect(value.members.get('a')?.key.span).toMatchObject({ start: 2, end: 5 });
  });

  it.each([
    ['{', 'PLX1101 1:2 : the file ends before its object is closed'],
    ['{"a": [1, 2', 'PLX1101 1:12 : the file ends before its list is closed'],
    ['{"a": 1\n "b": 2}', 'PLX1101 2:2 "b": a comma is missing before "b"'],
    ['{"a" 1}', 'PLX1101 1:6 1: expected a colon after the key "a", found "1"'],
    ['{"a":}', 'PLX1101 1:6 }: expected a value, found "}"'],
    ['{"a": [1, 2}', 'PLX1101 1:12 }: expected a comma or "]", found "}"'],
    ['{"a": 1,,}', 'PLX1101 1:9 ,: expected a key in double quotes, found ","'],
    ['[,]', 'PLX1101 1:2 ,: expected a value, found ","'],
    ['{"a": 1}}', 'PLX1101 1:9 }: "}" stands after the end of the JSON value'],
    ['{a: 1}', 'PLX1101 1:2 a: a needs double quotes'],
    ["{'a': 1}", "PLX1101 1:2 'a': 'a' is in single quotes"],
    ['[True]', 'PLX1101 1:2 True: "True" is not a JSON value'],
    ['[tru]', 'PLX1101 1:2 tru: "tru" is not a JSON value'],
    ['[constructor]', 'PLX1101 1:2 constructor: constructor needs double quotes'],
    ['[NaN]', 'PLX1101 1:2 NaN: "NaN" is not a JSON value'],
    ['[1.]', 'PLX1101 1:2 1.: the number "1." is not finished'],
    ['[1e999]', 'PLX1101 1:2 1e999: the number "1e999" is too large'],
    ['[01]', 'PLX1101 1:3 1: expected a comma or "]", found "1"'],
    ['["x\n"]', 'PLX1101 1:2 "x: a string is not closed on its line'],
    ['["\t"]', 'PLX1101 1:3 \t: a control character stands inside a string'],
    ['["a\\\\\\x"]', 'PLX1101 1:6 \\x: "\\x" is not an escape that JSON knows'],
    ['["\\u12"]', 'PLX1101 1:3 \\u12: "\\u12" is not an escape that JSON knows'],
    ['["\\ud800"]', 'PLX1101 1:2 "\\ud800": a string holds half of a surrogate pair, which is no character'],
    ['<<<<<<< ours\n{}', 'PLX1101 1:1 <<<<<<<: a merge conflict is not resolved'],
    ['[1 /* x', 'PLX1101 1:4 /*: a comment is opened and never closed'],
    ['', 'PLX1110 1:1 : the file is empty'],
    [' \n\t', 'PLX1110 1:1 : the file is empty'],
    ['['.repeat(101), 'PLX1106 1:101 [: objects and lists stand more than 100 deep in one another'],
  ])('tells the one cause in %.60j', (text, finding) => {
    const { value, diagnostics } = parse(text);

    expect(listFindings(diagnostics)).toEqual([finding]);
    expect(value).toBeUndefined();
  });

  it.each([
    ['{"a": 1,}', { a: 1 }, ['PLX1105 1:8 ,: JSON allows no comma before "}"']],
    ['[1,]', [1], ['PLX1105 1:3 ,: JSON allows no comma before "]"']],
    ['[1] // x\n /* y */', [1], ['PLX1104 1:5 // x: JSON has no comments']],
    ['{"a": 1, "a": 2}', { a: 1 }, ['PLX1103 1:10 "a": the key "a" stands twice in one object']],
    ['{"a": 1, "\\u0061": 2}', { a: 1 }, ['PLX1103 1:10 "\\u0061": the key "a" stands twice in one object']],
  ])('steps over the mistake in %j', (text, expected, findings) => {
    const { value, diagnostics } = parse(text);

    expect(value && toValue(value)).toEqual(expected);
    expect(listFindings(diagnostics)).toEqual(findings);
  });

  it.each([
    ['a list', `[${'1,'.repeat(10_000)}1]`, 'PLX1111 1:20002 1: a list has more than 10000 entries'],
    [
      'an object',
      `{${Array.from({ length: 10_001 }, (_, index) => `"${index}":1`).join()}}`,
      'PLX1111 1:88892 "10000": an object has more than 10000 entries',
    ],
  ])('bounds the entries of %s', (_, text, finding) => {
    expect(listFindings(parse(text).diagnostics)).toEqual([finding]);
    expect(parse(text.replace(/^(.).*?,/, '$1')).diagnostics).toEqual([]);
  });

  it('shows both places of a duplicate key', () => {
    const { diagnostics } = parse('{"a": 1,\n "a": 2}');

    expect(diagnostics[0]?.related).toMatchObject([{ at: { start: 1, end: 4 }, label: 'first here' }]);
  });

  it('counts the comments that follow the first', () => {
    expect(parse('{} // a\n// b\n// c').diagnostics).toMatchObject([
      { notes: ['2 more follow in this file'] },
    ]);
  });

  it('keeps __proto__ an ordinary key', () => {
    const { value } = parse('{"__proto__": {"polluted": true}}');

    expect(value?.kind === 'object' && [...value.members.keys()]).toEqual(['__proto__']);
    expect(Object.hasOwn(Object(value && toValue(value)), '__proto__')).toBe(true);
  });

  it('reads what JSON.parse reads, and only that', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const { value, diagnostics } = parse(text);
        const wellFormed = JSON.stringify(JSON.parse(text)).isWellFormed() && !text.includes('\\ud');
        if (wellFormed) expect(diagnostics).toEqual([]);
        if (value !== undefined)
          expect(JSON.stringify(toValue(value))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('gives one finding for a file that is cut off', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), fc.nat(), (object, cut) => {
        const text = JSON.stringify(object);
        const { value, diagnostics } = parse(text.slice(0, cut % text.length));
        expect(value).toBeUndefined();
        expect(diagnostics).toHaveLength(1);
      }),
    );
  });

  it('accepts nothing that JSON.parse refuses, and never throws', () => {
    const punctuation = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      'true',
      '//',
      '\\',
      '\n',
      "'",
      '\u0000',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(punctuation).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { diagnostics } = parse(text);
        if (diagnostics.length === 0) expect(() => JSON.parse(text)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
