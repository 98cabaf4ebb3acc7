import { digestOf, type JsonSchema } from '@plexica/types';
import { describe, expect, it } from 'vitest';
import { schemaNormalizer } from './schema-normal-form.ts';

const schemas = new Map(
  Object.entries<JsonSchema>({
    Id: { type: 'string', maxLength: 10 },
    Contact: { type: 'object', properties: { id: { $ref: '#/schemas/Id' } } },
    Tree: { properties: { children: { $ref: '#/schemas/Tree' } } },
  }).map(([name, schema]) => [name, { schema }]),
);
const digest = (schema: JsonSchema) => digestOf(schemaNormalizer(schemas)(schema));
const wide = (description: string) => ({
  properties: Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`p${index}`, { type: 'string', description }]),
  ),
});

describe('the normal form of a schema', () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ['the order of keys', { type: 'string', minLength: 1 }, { minLength: 1, type: 'string' }],
    ['the order of a set', { enum: [1, 2], required: ['a', 'b'] }, { enum: [2, 1], required: ['b', 'a'] }],
    [
      'wording',
      { type: 'string', title: 'T', description: 'D', examples: ['a'], 'x-y': 1 },
      { type: 'string' },
    ],
    ['a list of one type', { type: ['string'] }, { type: 'string' }],
    [
      'a name',
      { $ref: '#/schemas/Contact' },
      { properties: { id: { maxLength: 10, type: 'string' } }, type: 'object' },
    ],
    ['wording beside a name', { $ref: '#/schemas/Id', description: 'D' }, { type: 'string', maxLength: 10 }],
    ['wording in large parts', { items: wide('a') }, { items: wide('b') }],
  ])('does not depend on %s', (_, a, b) => {
    expect(digest(a)).toBe(digest(b));
  });

  it.each<[string, JsonSchema, JsonSchema]>([
    ['a keyword', { type: 'string' }, { type: 'string', minLength: 1 }],
    ['a default', { default: 1 }, { default: 2 }],
    ['the names of properties, also such as wording has', { properties: { title: {} } }, { properties: {} }],
    ['the order of alternatives', { anyOf: [{ type: 'string' }, {}] }, { anyOf: [{}, { type: 'string' }] }],
    ['the depth of a recursion', { $ref: '#/schemas/Tree' }, { properties: {} }],
    ['large parts', { items: wide('a') }, { items: { ...wide('a'), required: ['p1'] } }],
  ])('depends on %s', (_, a, b) => {
    expect(digest(a)).not.toBe(digest(b));
  });
});
