import { describe, expect, it } from 'vitest';
import { bytes, digestOf, interpolate, milliseconds, scalarOf } from './index.ts';

describe('milliseconds', () => {
  it.each([
    ['0ms', 0],
    ['500ms', 500],
    ['5s', 5_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
  ])('reads %s', (text, expected) => expect(milliseconds(text)).toBe(expected));

  it.each(['', '5', 's', '5 s', '-1s', '1.5s', '5d'])('refuses %j', (text) =>
    expect(() => milliseconds(text)).toThrow(RangeError),
  );
});

describe('bytes', () => {
  it.each([
    ['1B', 1],
    ['2KiB', 2_048],
    ['10MiB', 10_485_760],
    ['1GiB', 1_073_741_824],
  ])('reads %s', (text, expected) => expect(bytes(text)).toBe(expected));

  it.each(['', '1', '1KB', '1 MiB'])('refuses %j', (text) => expect(() => bytes(text)).toThrow(RangeError));
});

describe('interpolate', () => {
  const environment = { PORT: '4001', EMPTY: '' };

  it.each([
    [`\${PORT}`, '4001', []],
    [`\${PORT:-4000}`, '4001', []],
    [`\${NONE:-4000}`, '4000', []],
    [`\${EMPTY:-4000}`, '4000', []],
    [`http://\${HOST:-localhost}:\${PORT}/x`, 'http://localhost:4001/x', []],
    [`\${NONE}`, `\${NONE}`, ['NONE']],
    ['$PORT {PORT} plain', '$PORT {PORT} plain', []],
  ])('%s', (text, expected, missing) => {
    expect(interpolate(text, environment)).toEqual({ text: expected, missing });
  });

  it('does not look at what Object.prototype holds', () => {
    expect(interpolate(`\${constructor}`, {}).missing).toEqual(['constructor']);
  });
});

describe('scalarOf', () => {
  it.each([
    ['4000', 4000],
    ['-1.5', -1.5],
    ['true', true],
    ['false', false],
    ['0123', '0123'],
    ['4000 ', '4000 '],
    ['', ''],
  ])('%j', (text, expected) => expect(scalarOf(text)).toBe(expected));
});

describe('digestOf', () => {
  it('does not depend on key order or absent members', () => {
    expect(digestOf({ a: 1, b: [{ d: 2, c: undefined }] })).toBe(digestOf({ b: [{ d: 2 }], a: 1 }));
  });

  it('tells values apart', () => {
    const values = [{}, [], null, '', 0, false, { a: 1 }, { a: '1' }, [1, 2], [2, 1], [[1], 2]];

    expect(new Set(values.map(digestOf)).size).toBe(values.length);
  });

  it('is a sha256', () => {
    expect(digestOf({})).toBe('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });
});
