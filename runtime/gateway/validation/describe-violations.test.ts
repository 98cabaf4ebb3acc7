import { describe, expect, it } from 'vitest';
import { describeViolations } from './describe-violations.ts';
import { createSchemaCompilers } from './schema-compilers.ts';

const compilers = createSchemaCompilers();
const ofJson = (schema: unknown, value: unknown) =>
  describeViolations('body', compilers.ofJson(schema)(value)).map(
    ({ path, message }) => `${path} ${message}`,
  );
const ofTexts = (schema: unknown, value: unknown) =>
  describeViolations('querystring', compilers.ofTexts(schema)(value)).map(
    ({ path, message }) => `${path} ${message}`,
  );

describe('a rule in words', () => {
  it.each([
    [{ type: 'integer' }, 'x', 'must be an integer'],
    [{ type: ['string', 'null'] }, 1, 'must be a string or null'],
    [{ type: 'boolean' }, 0, 'must be true or false'],
    [{ type: 'array' }, {}, 'must be a list'],
    [{ type: 'object' }, [], 'must be an object'],
    [{ type: 'number' }, Number.POSITIVE_INFINITY, 'must be a number'],
    [{ enum: ['lead', 'won', 3] }, 'x', 'must be one of "lead", "won", 3'],
    [
      { enum: Array.from({ length: 25 }, (_, at) => at) },
      -1,
      `must be one of ${Array.from({ length: 20 }, (_, at) => at).join(', ')} and 5 more`,
    ],
    [{ const: { a: 1 } }, 'x', 'must be {"a":1}'],
    [{ minimum: 1 }, 0, 'must be at least 1'],
    [{ maximum: 1 }, 2, 'must be at most 1'],
    [{ exclusiveMinimum: 0 }, 0, 'must be more than 0'],
    [{ exclusiveMaximum: 9 }, 9, 'must be less than 9'],
    [{ multipleOf: 5 }, 4, 'must be a multiple of 5'],
    [{ minLength: 1 }, '', 'must not be empty'],
    [{ minLength: 2 }, 'é', 'must have at least 2 characters'],
    [{ maxLength: 1 }, '😀😀', 'must have at most 1 character'],
    [{ minItems: 2 }, [1], 'must have at least 2 items'],
    [{ maxItems: 1 }, [1, 2], 'must have at most 1 item'],
    [{ minProperties: 1 }, {}, 'must not be empty'],
    [{ maxProperties: 1 }, { a: 1, b: 2 }, 'must have at most 1 field'],
    [{ uniqueItems: true }, [{ a: 1, b: [2] }, 1, { b: [2], a: 1 }], 'must not hold the same item twice'],
    [{ contains: { type: 'null' } }, [1, 'x'], 'lacks an item that must be in it'],
    [{ pattern: '^a$' }, 'b', 'must match the pattern ^a$'],
    [{ pattern: '^a*$' }, 'b'.repeat(5000), 'must match the pattern ^a*$'],
    [{ pattern: 'a*b*' }, 'b'.repeat(5000), 'must match the pattern a*b*, and have at most 4096 characters'],
    [{ format: 'url' }, `http://${'b'.repeat(5000)}`, 'must be a URL, and have at most 4096 characters'],
    [{ format: 'email' }, 'b', 'must be an email address'],
    [{ format: 'json-pointer' }, 'b', 'must be in the format "json-pointer"'],
    [{ not: { type: 'string' } }, 'b', 'must not be like that'],
    [false, 'b', 'is not allowed'],
  ])('of %j', (schema, value, words) => {
    expect(ofJson(schema, value)).toEqual([` ${words}`]);
  });

  it('knows items by their value, whatever kind of value', () => {
    expect(ofJson({ uniqueItems: true }, [1, '1', [1], ['1'], null, 'null', {}, [], true, '{}', 0])).toEqual(
      [],
    );
    expect(ofJson({ uniqueItems: false }, [1, 1])).toEqual([]);
  });
});

describe('where it is wrong', () => {
  const contact = {
    type: 'object',
    required: ['name', 'age'],
    properties: {
      name: { type: 'string' },
      age: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string' } },
      'a/b~c': { type: 'null' },
    },
    additionalProperties: false,
  };

  it('names every field, the missing and the unknown ones too', () => {
    expect(ofJson(contact, { age: '7', tags: ['a', 1, 2], 'a/b~c': 1, 'x/y': 'secret' }).sort()).toEqual([
      '/age must be an integer',
      '/a~1b~0c must be null',
      '/name is required',
      '/tags/1 must be a string',
      '/tags/2 must be a string',
      '/x~1y is not a known field',
    ]);
  });

  it('says the same in the same order every time', () => {
    const value = { age: '7', tags: [1], z: 1, a: 1 };
    expect(ofJson(contact, value)).toEqual(ofJson(contact, structuredClone(value)));
  });

  it('says what was wrong before defaults were filled in', () => {
    const schema = { anyOf: [{ required: ['a'] }], properties: { a: { default: 1 } } };
    expect(ofJson(schema, {})).toEqual(['/a is required']);
    expect(ofJson({ ...schema, anyOf: [{}], required: ['a'] }, {})).toEqual([]);
  });

  it('does not take inherited names for fields', () => {
    const schema = {
      required: ['toString', 'constructor'],
      properties: { valueOf: { type: 'string' }, constructor: { type: 'string' } },
    };
    expect(ofJson(schema, {})).toEqual(['/toString is required', '/constructor is required']);
    expect(ofJson(schema, { toString: 1, constructor: 'Bob' })).toEqual([]);
  });

  it('cuts off names that are long', () => {
    const [first = ''] = ofJson({ additionalProperties: false }, { ['n'.repeat(900)]: 1 });
    expect(first).toBe(`/${'n'.repeat(199)}… is not a known field`);
  });

  it('names a field whose name is wrong', () => {
    expect(ofJson({ propertyNames: { maxLength: 2 } }, { abc: 1 })).toEqual([
      '/abc has a name that no field may have here',
    ]);
  });
});

describe('of alternatives', () => {
  const person = { type: 'object', required: ['zip'], properties: { zip: { type: 'string' } } };

  it('says one sentence where the kind is wrong for all', () => {
    expect(ofJson({ anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }] }, [])).toEqual([
      ' must be a string, or must be an integer, or must be null',
    ]);
  });

  it('says what is wrong further down in the one whose kind is right', () => {
    const schema = { properties: { address: { oneOf: [{ type: 'null' }, person] } } };
    expect(ofJson(schema, { address: { zip: 7 } })).toEqual(['/address/zip must be a string']);
    expect(ofJson(schema, { address: 7 })).toEqual(['/address must be null, or must be an object']);
  });

  it('keeps to the one that comes closest', () => {
    const kind = (name: string, ...required: string[]) => ({
      required: ['kind', ...required],
      properties: { kind: { const: name } },
    });
    const schema = { oneOf: [kind('deal', 'amount', 'currency'), kind('note', 'text', 'author')] };
    expect(ofJson(schema, { kind: 'note', text: 'x' })).toEqual(['/author is required']);
  });

  it('does not mix up what is said of other items and fields', () => {
    const schema = { items: { anyOf: [person, { type: 'null' }], required: ['id'] } };
    expect(ofJson(schema, [{ zip: 1, id: 1 }, null, { zip: '1' }, 5])).toEqual([
      '/0/zip must be a string',
      '/2/id is required',
      '/3 must be an object, or must be null',
    ]);
  });

  it('says when more than one fits', () => {
    expect(ofJson({ oneOf: [{ minimum: 1 }, { maximum: 5 }] }, 3)).toEqual([
      ' fits more than one of the alternatives',
    ]);
  });

  it('says what a condition asks for', () => {
    // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema
    const schema = { if: { required: ['a'] }, then: { required: ['b'] }, else: { required: ['c'] } };
    expect([ofJson(schema, { a: 1 }), ofJson(schema, {})]).toEqual([['/b is required'], ['/c is required']]);
  });
});

describe('texts', () => {
  it('become what is asked for, as in Fastify', () => {
    const schema = {
      type: 'object',
      required: ['take', 'sort'],
      properties: {
        take: { type: 'integer', default: 20 },
        all: { type: 'boolean' },
        tags: { type: 'array', items: { type: 'integer' } },
        sort: { type: 'string' },
      },
    };
    const texts = { all: 'true', tags: '7', sort: ['name'] };
    expect(ofTexts(schema, texts)).toEqual([]);
    expect(texts).toEqual({ all: true, tags: [7], sort: 'name', take: 20 });
    expect(ofTexts(schema, { take: '', all: 'yes', tags: ['1', 'x'], sort: 'a' })).toEqual([
      '/take must be an integer',
      '/all must be true or false',
      '/tags/1 must be an integer',
    ]);
  });
});
