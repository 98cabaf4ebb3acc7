import { array, assert, dictionary, jsonValue, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOf, printConstant } from './literal.ts';

const evaluate = (code: string): unknown => new Function(`'use strict'; ${code}`)();

describe('printConstant', () => {
  it.each([
    [{}, '{}'],
    [[], '[]'],
    [{ type: 'string', minLength: 1 }, "{ type: 'string', minLength: 1 }"],
    [{ left: undefined, out: 1 }, '{ out: 1 }'],
    [{ a: { b: 1 } }, '{\n  a: { b: 1 },\n}'],
    [[{ a: 1 }], '[{ a: 1 }]'],
    [
      [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
      '[\n  { a: 1, b: 2 },\n  { a: 3, b: 4 },\n]',
    ],
    [{ $ref: nameOf('ContactSchema') }, '{ $ref: ContactSchema }'],
    [[1, -0.5, 1e300, 1e-7], '[1, -0.5, 1e300, 1e-7]'],
    [JSON.parse('[1e400, -1e400]'), '[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]'],
    [JSON.parse('{ "__proto__": 1 }'), "{ ['__proto__']: 1 }"],
  ])('prints %j', (value, printed) => {
    expect(printConstant('const x = ', value, ';')).toBe(`const x = ${printed};`);
  });

  it('is the value again when it is evaluated', () => {
    const anyKey = string({ unit: 'binary', maxLength: 10 });
    const anyValue = array(dictionary(anyKey, jsonValue({ stringUnit: 'binary' })));
    assert(
      property(anyValue, (value) => {
        const read = evaluate(printConstant('return ', value, ';'));
        // As JSON, where -0 is 0 and the order of members counts.
        expect(JSON.stringify(read)).toBe(JSON.stringify(value));
      }),
    );
  });
});
