import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { printYaml } from './print-yaml.ts';

describe('printYaml', () => {
  it('prints what a YAML reader takes for the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(parse(printYaml(value))).toEqual(parse(JSON.stringify(value)));
      }),
      { numRuns: 1000 },
    );
  });

  const text = fc.stringMatching(/^[ \n:#'"[\]{}>|*&!%@`,?~\\a-c01.$/-]{0,12}$/);

  it('quotes what has a meaning in YAML', () => {
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        text,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(text, tie('node'), { maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(value, (each) => {
        expect(parse(printYaml(each))).toEqual(each);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    'no',
    'Yes',
    'off',
    'y',
    'null',
    '~',
    'true',
    '1.0',
    '0x10',
    '1e3',
    '12:30:45',
    '2026-01-05',
    '2026-01-05T09:00:00.000Z',
    '.inf',
    '<<',
    '=',
    '---',
    '...',
    '- a',
    '? a',
    'a: b',
    'a #b',
    'ends with a colon:',
    'ends with a space ',
    '',
    '\u2028',
    '\u0085\ufeff',
    '\ud800',
    'two\nlines',
    ' indented\nlines',
    'lines\n',
    'lines\n\n\nwith gaps',
    'blank\n  \nline',
    'tab\tand\nline',
    '__proto__',
  ])('keeps %j a string for readers of YAML 1.1 and 1.2', (word) => {
    const value = JSON.parse(`{${JSON.stringify(word)}: [${JSON.stringify(word)}]}`);
    for (const version of ['1.1', '1.2'] as const) {
      const read: unknown = parse(printYaml(value), { version, merge: true, mapAsMap: true });
      expect(read).toEqual(new Map([[word, [word]]]));
    }
  });

  it('prints keys that are longer than an implicit key may be', () => {
    const value = { [`/${'a'.repeat(2000)}`]: { [':'.repeat(2000)]: ['x', { y: [] }] } };
    expect(parse(printYaml(value))).toEqual(value);
  });

  it('prints in block style', () => {
    const value = { a: [{ b: 1, c: [] }, [true, {}]], d: { e: 'one\ntwo' }, 'f g': null };
    expect(printYaml(value)).toBe(
      [
        'a:',
        '  - b: 1',
        '    c: []',
        '  - - true',
        '    - {}',
        'd:',
        '  e: |-',
        '    one',
        '    two',
        'f g: null',
        '',
      ].join('\n'),
    );
  });
});
