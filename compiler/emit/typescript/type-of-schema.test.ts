import { describe, expect, it } from 'vitest';
import { printLayout } from './layout.ts';
import { printType } from './print-type.ts';
import { reference } from './type-node.ts';
import { type TypeContext, typeOfSchema } from './type-of-schema.ts';

/** The type of a schema on one line. Of all references only that to `Contact` leads somewhere. */
function typeText(schema: unknown, values: TypeContext['values'] = 'sent'): string {
  const typeOfReference = (ref: unknown) =>
    ref === '#/schemas/Contact' ? reference('schemas.Contact') : undefined;
  return printLayout(printType(typeOfSchema(schema, { values, typeOfReference }))).replace(/\s+/g, ' ');
}

const text = { type: 'string' };
const contact = { $ref: '#/schemas/Contact' };

describe('typeOfSchema', () => {
  it.each<[string, unknown, string]>([
    ['text', text, 'string'],
    ['a whole number', { type: 'integer' }, 'number'],
    ['anything', {}, 'unknown'],
    ['true', true, 'unknown'],
    ['false', false, 'never'],
    ['no schema at all', 7, 'unknown'],
    ['a type of another world', { type: 'date' }, 'unknown'],
    ['several types', { type: ['string', 'integer', 'number'] }, 'string | number'],
    ['text or null', { type: ['null', 'string'] }, 'string | null'],
    ['choices', { type: 'string', enum: ['a', "it's", 'a'] }, `'a' | "it's"`],
    ['mixed choices', { enum: ['a', 1, true, null] }, "'a' | 1 | true | null"],
    ['a constant', { const: true }, 'true'],
    ['a constant object', { const: { a: [1, 'b'] } }, "{ a: [1, 'b']; }"],
    ['a named schema', contact, 'schemas.Contact'],
    ['an unknown name', { $ref: '#/schemas/Nobody' }, 'unknown'],
    ['a name with words beside it', { ...contact, description: 'Who' }, 'schemas.Contact'],
    ['a list', { type: 'array', items: contact }, 'schemas.Contact[]'],
    ['a list of anything', { type: 'array' }, 'unknown[]'],
    ['a list of choices', { type: 'array', items: { enum: ['a', 'b'] } }, "('a' | 'b')[]"],
    [
      'a tuple',
      { type: 'array', prefixItems: [text, { type: 'number' }], minItems: 2, items: false },
      '[string, number]',
    ],
    [
      'a tuple with more behind it',
      { type: 'array', prefixItems: [text], minItems: 1, items: { type: ['number', 'null'] } },
      '[string, ...(number | null)[]]',
    ],
    ['a tuple that may be short', { type: 'array', prefixItems: [text], items: false }, 'string[]'],
    ['an object', { type: 'object' }, '{ [key: string]: unknown }'],
    ['an empty object', { type: 'object', additionalProperties: false }, '{ [key: string]: never }'],
    ['a record', { type: 'object', additionalProperties: contact }, '{ [key: string]: schemas.Contact }'],
    ['patterns', { type: 'object', patternProperties: { '^x': text } }, '{ [key: string]: string }'],
    [
      'members',
      { type: 'object', required: ['a'], properties: { a: text, 'b-c': { type: 'number' } } },
      "{ a: string; 'b-c'?: number | undefined; }",
    ],
    ['a required member without a schema', { type: 'object', required: ['a'] }, '{ a: unknown; }'],
    ['a member that is anything', { properties: { a: true } }, '{ a?: unknown; }'],
    [
      'named and other members',
      { properties: { a: text }, required: ['a'], additionalProperties: { type: 'number' } },
      '{ a: string; [key: string]: number | string; }',
    ],
    ['members that set traps', JSON.parse('{"properties":{"__proto__":{}}}'), '{ __proto__?: unknown; }'],
    ['alternatives', { anyOf: [text, contact, { type: 'null' }] }, 'string | schemas.Contact | null'],
    ['one alternative that says nothing', { anyOf: [text, {}] }, 'unknown'],
    [
      'a name and members',
      { allOf: [contact, { properties: { a: text } }] },
      'schemas.Contact & { a?: string | undefined; }',
    ],
    [
      'objects in one',
      { allOf: [{ properties: { a: text } }, { required: ['a'] }, { type: 'object' }] },
      '{ a: string; }',
    ],
    [
      'alternatives among requirements',
      { properties: { a: text }, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      '( | { a: unknown; } | { b: unknown; } ) & { a?: string | undefined; }',
    ],
    ['a type in code', { tsType: 'Evil', ...text }, 'string'],
    ['what cannot be said', { ...text, not: { const: 'a' }, minLength: 3 }, 'string'],
  ])('prints %s', (_, schema, printed) => {
    expect(typeText(schema)).toBe(printed);
  });

  it('counts a default as given in what has been checked, where the validator fills it in', () => {
    const schema = { properties: { take: { type: 'integer', default: 50 }, skip: { type: 'integer' } } };
    expect(typeText(schema, 'sent')).toBe('{ take?: number | undefined; skip?: number | undefined; }');
    expect(typeText(schema, 'checked')).toBe('{ take: number; skip?: number | undefined; }');
    expect(typeText({ anyOf: [schema] }, 'checked')).toBe(typeText(schema, 'sent'));
  });

  it('says what a member is for', () => {
    const schema = {
      properties: { a: { type: 'string', description: 'First\n\n*/ second', deprecated: true } },
    };
    expect(typeText(schema)).toBe(
      '{ /** * First * * \\*\\/ second * * @deprecated */ a?: string | undefined; }',
    );
  });
});
