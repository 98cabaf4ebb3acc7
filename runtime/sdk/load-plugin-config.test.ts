import { expect, test } from 'vitest';
import { loadPluginConfig } from './load-plugin-config.ts';
import { type ConfigFieldSchema, PluginConfigError, type PluginConfigSchema } from './plugin-config.ts';

const PROPERTIES = {
  text: { type: 'string', minLength: 2, maxLength: 4, pattern: '^\\p{L}+$' },
  count: { type: 'number', minimum: 1, maximum: 10, default: 5 },
  active: { type: 'boolean', default: false },
  extra: { default: { nested: [1] } },
  mode: { enum: ['fast', 'safe'] },
  tags: { type: 'array', items: { enum: ['a', 'b'] }, uniqueItems: true },
} as const satisfies Record<string, ConfigFieldSchema>;

function schemaOf(
  properties: Record<string, ConfigFieldSchema>,
  required: readonly string[] = [],
): PluginConfigSchema<Record<string, unknown>> {
  return { type: 'object', properties, required, additionalProperties: false };
}

const SCHEMA = schemaOf(PROPERTIES, ['text']);

function problemsOf(schema: PluginConfigSchema<unknown>, values: unknown): readonly unknown[] {
  try {
    loadPluginConfig(schema, values);
  } catch (error) {
    if (error instanceof PluginConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('takes all six types as they are', () => {
  const values = {
    text: 'añ',
    count: 10,
    active: true,
    extra: [null, 1],
    mode: 'safe',
    tags: ['b', 'a'],
  };
  expect(loadPluginConfig(SCHEMA, values)).toEqual(values);
});

test('fills in defaults, also falsy ones, and leaves out what is neither given nor a default', () => {
  const config = loadPluginConfig(SCHEMA, { text: 'abc', mode: undefined, count: undefined });
  expect(config).toStrictEqual({ text: 'abc', count: 5, active: false, extra: { nested: [1] } });
});

test.for<[field: keyof typeof PROPERTIES, value: unknown, says: string | undefined]>([
  ['text', 'ab', undefined],
  ['text', 'abcd', undefined],
  ['text', 'a', 'must have at least 2 characters, and has 1'],
  ['text', '😀', 'must have at least 2 characters, and has 1'],
  ['text', 'abcde', 'must have at most 4 characters, and has 5'],
  ['text', 'a1', 'must match ^\\p{L}+$'],
  ['text', 7, 'must be text'],
  ['text', null, 'must be text'],
  ['count', 1, undefined],
  ['count', 0, 'must be at least 1, and is 0'],
  ['count', 11, 'must be at most 10, and is 11'],
  ['count', '5', 'must be a number'],
  ['count', Number.NaN, 'must be a number'],
  ['active', false, undefined],
  ['active', 0, 'must be true or false'],
  ['active', 'true', 'must be true or false'],
  ['extra', null, undefined],
  ['extra', 0, undefined],
  ['extra', { deep: [{ a: false }] }, undefined],
  ['extra', new Map(), 'must be a JSON value'],
  ['extra', [1n], 'must be a JSON value'],
  ['extra', { a: () => 1 }, 'must be a JSON value'],
  ['extra', Number.POSITIVE_INFINITY, 'must be a JSON value'],
  ['mode', 'fast', undefined],
  ['mode', 'slow', 'must be one of "fast", "safe"'],
  ['mode', ['fast'], 'must be one of "fast", "safe"'],
  ['tags', [], undefined],
  ['tags', 'a', 'must be a list'],
  ['tags', ['c'], 'must hold only "a", "b"'],
  ['tags', ['a', 1], 'must hold only "a", "b"'],
  ['tags', ['a', 'a'], 'must name each choice once'],
])('%s = %o: %s', ([field, value, says]) => {
  const problems = problemsOf(schemaOf({ [field]: PROPERTIES[field] }), { [field]: value });
  expect(problems).toEqual(says === undefined ? [] : [{ key: field, message: says }]);
});

test('lists every wrong setting at once, without the values of text', () => {
  const values = { text: 's3cret', count: 0, active: 1, mode: 'x', tags: {}, other: 1 };
  expect(() => loadPluginConfig(SCHEMA, values)).toThrow(
    [
      "the plugin's configuration is wrong:",
      '  text: must have at most 4 characters, and has 6',
      '  count: must be at least 1, and is 0',
      '  active: must be true or false',
      '  mode: must be one of "fast", "safe"',
      '  tags: must be a list',
      '  other: is not a setting of this plugin',
    ].join('\n'),
  );
});

test('a required setting must be given, unless it has a default', () => {
  expect(problemsOf(SCHEMA, {})).toEqual([{ key: 'text', message: 'is required' }]);
  expect(problemsOf(schemaOf(PROPERTIES, ['count']), {})).toEqual([]);
});

test("says the manifest's own words first", () => {
  const schema = schemaOf({ key: { type: 'string', minLength: 2, 'x-message': 'Ask the vendor for a key' } });
  expect(problemsOf(schema, { key: '' })).toEqual([
    { key: 'key', message: 'Ask the vendor for a key (must have at least 2 characters, and has 0)' },
  ]);
});

test.for([[null], [undefined], ['{}'], [[]], [7]])('refuses %j as settings', ([values]) => {
  expect(problemsOf(SCHEMA, values)).toEqual([{ key: '(all)', message: 'must be an object' }]);
});

test('a key __proto__ is a setting that does not exist, and a prototype gives no settings', () => {
  const values: unknown = JSON.parse('{"text":"abc","__proto__":{"count":3}}');
  expect(problemsOf(SCHEMA, values)).toEqual([
    { key: '__proto__', message: 'is not a setting of this plugin' },
  ]);
  expect(problemsOf(SCHEMA, Object.create({ text: 'abc' }))).toEqual([
    { key: 'text', message: 'is required' },
  ]);
  expect(problemsOf(SCHEMA, { text: 'abc', constructor: 1, toString: 1 })).toHaveLength(2);
});

test('a __proto__ inside a JSON setting stays an own member', () => {
  const values = JSON.parse('{"text":"abc","extra":{"__proto__":{"admin":true}}}');
  const { extra } = loadPluginConfig(SCHEMA, values);
  expect(JSON.stringify(extra)).toBe('{"__proto__":{"admin":true}}');
  expect(extra).not.toHaveProperty('admin');
});

test('shares nothing with the values or the schema', () => {
  const values = { text: 'abc', tags: ['a'] };
  const before = structuredClone({ values, PROPERTIES });
  const config = loadPluginConfig(SCHEMA, values);
  expect(config.tags).not.toBe(values.tags);
  expect(config.extra).not.toBe(PROPERTIES.extra.default);
  expect({ values, PROPERTIES }).toEqual(before);
});
