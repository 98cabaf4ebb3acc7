import { expect, it } from 'vitest';
import { createPayloadChecks } from './payload-checks.ts';

const schema = {
  type: 'object',
  properties: { id: { type: 'string', format: 'uuid' }, tags: { type: 'array', items: { type: 'string' } } },
  required: ['id'],
  additionalProperties: false,
};

it('says what is wrong with a payload, and where', () => {
  const { violationOf, problems } = createPayloadChecks({ 'a.b': { schema }, 'c.d': {} });

  expect(problems).toEqual([]);
  expect(violationOf('a.b', { id: '4f5c3d7e-8a3b-4c86-9d0a-2f4a3d1c5b6e' })).toBeUndefined();
  expect(violationOf('a.b', { id: 'x', tags: ['a', 1], more: 1 })).toBe(
    'data must NOT have additional properties: "more"; data.id must match format "uuid"; data.tags.1 must be string',
  );
  expect(violationOf('a.b', null)).toBe('data must be object');
  expect(violationOf('c.d', 'whatever')).toBeUndefined();
  expect(violationOf('not.listed', 1)).toBeUndefined();
});

it('tells no more than five violations', () => {
  const { violationOf } = createPayloadChecks({ 'a.b': { schema } });
  const tags = Array.from({ length: 9 }, () => 1);

  expect(violationOf('a.b', { id: '4f5c3d7e-8a3b-4c86-9d0a-2f4a3d1c5b6e', tags })).toMatch(/; and 4 more$/);
});

it('finds schemas that cannot be used before any payload comes', () => {
  const { problems } = createPayloadChecks({ 'a.b': { schema: { $ref: 'https://elsewhere/x' } } });

  expect(problems).toEqual([
    expect.stringMatching(/^the schema of a\.b cannot be used: can't resolve reference/),
  ]);
});
