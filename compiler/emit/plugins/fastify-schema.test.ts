import { expect, it } from 'vitest';
import { nameOf } from '../typescript/literal.ts';
import { fastifySchema } from './fastify-schema.ts';

const contact = nameOf('ContactSchema');
const named = (name: string) => (name === 'Contact' ? contact : undefined);

it.each<[string, object, object]>([
  ['leaves rules alone', { type: 'string', minLength: 1 }, { type: 'string', minLength: 1 }],
  [
    'drops words about the schema, at every depth',
    { title: 'T', type: 'array', items: { type: 'string', description: 'D', examples: ['e'], 'x-note': 1 } },
    { type: 'array', items: { type: 'string' } },
  ],
  [
    'keeps members that are called like words',
    { properties: { title: { type: 'string' }, 'x-a': {} } },
    { properties: { title: { type: 'string' }, 'x-a': {} } },
  ],
  ['keeps defaults', { type: 'integer', default: 1 }, { type: 'integer', default: 1 }],
  ['puts the constant of a named schema in its place', { $ref: '#/schemas/Contact' }, contact],
  [
    'does so at every depth, whatever words stand beside it',
    { properties: { a: { $ref: '#/schemas/Contact', description: 'D' } } },
    { properties: { a: contact } },
  ],
  [
    'joins rules that stand beside it',
    { $ref: '#/schemas/Contact', minProperties: 1, allOf: [{ maxProperties: 2 }] },
    { minProperties: 1, allOf: [contact, { maxProperties: 2 }] },
  ],
  ['takes an unknown name for anything', { $ref: '#/schemas/Nobody' }, {}],
])('%s', (_, schema, expected) => {
  expect(fastifySchema({ ...schema }, named)).toEqual(expected);
});
