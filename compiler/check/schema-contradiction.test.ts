import { expect, it } from 'vitest';
import { schemaContradiction } from './schema-contradiction.ts';

it('compares what is referred to again and again once, and comes to an end in circles', () => {
  const levels = 60;
  const named = (last: object) =>
    new Map(
      Array.from({ length: levels + 1 }, (_, level) => {
        const next = { $ref: `#/schemas/L${level + 1}`, description: 'twice' };
        const properties = { a: next, b: { ...next }, self: { $ref: '#/schemas/L0' } };
        return [`L${level}`, { schema: level === levels ? { ...last } : { properties } }] as const;
      }),
    );
  const value = (last: object) => ({ schema: { $ref: '#/schemas/L0' }, schemas: named(last) });
  const text = value({ type: 'string' });

  expect(schemaContradiction(text, value({ type: 'string' }))).toBeUndefined();
  expect(schemaContradiction(text, value({ type: 'number' }))).toContain('may be of type "number"');
});

it('takes whole numbers for numbers, and not the other way round', () => {
  const value = (type: string) => ({ schema: { type }, schemas: new Map() });
  expect(schemaContradiction(value('number'), value('integer'))).toBeUndefined();
  expect(schemaContradiction(value('integer'), value('number'))).toBe(
    '"data" may be of type "number", and not only "integer"',
  );
});

it('passes over what is no name in a list of required members: another rule tells of it', () => {
  const value = (required: readonly unknown[]) => ({ schema: { required }, schemas: new Map() });
  expect(schemaContradiction(value([{ a: 1 }, null, 'id']), value(['id']))).toBeUndefined();
});
