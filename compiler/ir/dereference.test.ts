import type { JsonSchema } from '@plexica/types';
import { describe, expect, it } from 'vitest';
import { dereference, type NamedSchemas, resolveReference } from './dereference.ts';

const named = (schemas: Record<string, JsonSchema>): NamedSchemas =>
  new Map(Object.entries(schemas).map(([name, schema]) => [name, { schema }]));
const ref = (name: string) => ({ $ref: `#/schemas/${name}` });

describe('dereference', () => {
  it('puts named schemas in the place of references, at any depth', () => {
    const schemas = named({
      Id: { type: 'string' },
      Contact: { type: 'object', properties: { id: ref('Id') } },
    });

    expect(dereference({ type: 'array', items: ref('Contact') }, schemas)).toEqual({
      type: 'array',
      items: { type: 'object', properties: { id: { type: 'string' } } },
    });
  });

  it('lets wording beside a reference replace that of its target, and adds constraints to it', () => {
    const schemas = named({ Id: { type: 'string', description: 'An id' } });

    expect(dereference({ ...ref('Id'), description: 'Whose' }, schemas)).toEqual({
      type: 'string',
      description: 'Whose',
    });
    expect(dereference({ ...ref('Id'), maxLength: 5 }, schemas)).toEqual({
      maxLength: 5,
      allOf: [{ type: 'string', description: 'An id' }],
    });
  });

  it('leaves data and names alone', () => {
    const schema = {
      enum: [ref('Id')],
      examples: [ref('Id')],
      default: ref('Id'),
      properties: { $ref: { type: 'string' }, enum: { const: ref('Id') } },
    };

    expect(dereference(schema, named({ Id: { type: 'string' } }))).toBe(schema);
  });

  it('leaves out what is not for validators', () => {
    expect(dereference({ type: 'object', 'x-a': 1, properties: { 'x-b': { 'x-c': 2 } } }, named({}))).toEqual(
      {
        type: 'object',
        properties: { 'x-b': {} },
      },
    );
  });

  it('allows everything where a reference is unknown, or leads back to itself', () => {
    const schemas = named({ Tree: { properties: { children: ref('Tree') } }, A: ref('B'), B: ref('A') });

    expect(dereference(ref('Nowhere'), schemas)).toEqual({});
    expect(dereference({ $ref: 'https://example.com' }, schemas)).toEqual({});
    expect(dereference(ref('Tree'), schemas)).toEqual({ properties: { children: {} } });
    expect(dereference(ref('A'), schemas)).toEqual({});
  });

  it('shares what is referred to often, so that doubling forty times takes no time', () => {
    const schemas = named(
      Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [
          `S${index}`,
          { anyOf: [ref(`S${index + 1}`), ref(`S${index + 1}`)] },
        ]),
      ),
    );
    const { anyOf } = dereference(ref('S0'), schemas);

    expect(Array.isArray(anyOf) && anyOf[0] === anyOf[1]).toBe(true);
  });
});

describe('resolveReference', () => {
  it('follows a chain to its end, and goes no deeper', () => {
    const schemas = named({ A: { ...ref('B'), title: 'A' }, B: { items: ref('C') }, C: {} });

    expect(resolveReference(ref('A'), schemas)).toEqual({ title: 'A', items: ref('C') });
  });

  it('stays where the way leads nowhere or in a circle', () => {
    expect(resolveReference(ref('X'), named({}))).toEqual(ref('X'));
    expect(resolveReference(ref('A'), named({ A: ref('B'), B: ref('A') }))).toHaveProperty('$ref');
  });
});
