import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentLines, literalKey, propertyKey, stringLiteral } from './text.ts';

/** The value of an expression. */
const evaluate = (expression: string): unknown => new Function(`'use strict'; return (${expression});`)();

const anyText = string({ unit: 'binary', maxLength: 40 });

describe('stringLiteral', () => {
  it.each([
    ['plain', "'plain'"],
    ["it's", `"it's"`],
    [`'a' "b"`, `'\\'a\\' "b"'`],
    ['$' + '{name}', "'\\u0024{name}'"],
    ['a\\b', "'a\\\\b'"],
    ['a\nb\u2028c', "'a\\u000ab\\u2028c'"],
    ['right\u202eleft', "'right\\u202eleft'"],
    ['größer 中文', "'größer 中文'"],
    ['*/ alert(1)', "'*/ alert(1)'"],
  ])('prints %j', (text, printed) => {
    expect(stringLiteral(text)).toBe(printed);
  });

  it('is the text again when it is evaluated, and hides nothing', () => {
    assert(
      property(anyText, (text) => {
        expect(evaluate(stringLiteral(text))).toBe(text);
        expect(stringLiteral(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\$\{/u);
      }),
    );
  });
});

describe('keys', () => {
  it.each([
    ['name', 'name'],
    ['größe', 'größe'],
    ['200', '200'],
    ['007', "'007'"],
    ['a-b', "'a-b'"],
    ['', "''"],
    ['constructor', 'constructor'],
  ])('prints %j as %s', (name, printed) => {
    expect(propertyKey(name)).toBe(printed);
    expect(literalKey(name)).toBe(printed);
  });

  it('makes a member of every name, `__proto__` too', () => {
    assert(
      property(anyText, (name) => {
        expect(Object.entries(Object(evaluate(`{ ${literalKey(name)}: 1 }`)))).toEqual([[name, 1]]);
      }),
      { examples: [['__proto__']] },
    );
  });
});

describe('commentLines', () => {
  it.each([
    ['One line', ['One line']],
    ['  Two\r\nlines ', ['Two', 'lines']],
    ['ends */ here', ['ends *\\/ here']],
    ['@deprecated', ['\\@deprecated']],
    ['mail a@example.com', ['mail a@example.com']],
    ['* item', ['\\* item']],
    ['biome-ignore format: no', ['\\biome-ignore format: no']],
    ['v8 ignore next', ['\\v8 ignore next']],
    ['a\u2028b\u0000c', ['a', 'b c']],
  ])('makes %j harmless', (text, lines) => {
    expect(commentLines(text)).toEqual(lines);
  });

  it('stays inside its comment', () => {
    assert(
      property(anyText, anyText, (before, after) => {
        const comment = commentLines(`${before}*/ throw 1; /*${after}`).join('\n * ');
        expect(evaluate(`/** ${comment} */ 'safe'`)).toBe('safe');
      }),
    );
  });
});
