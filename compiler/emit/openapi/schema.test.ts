import type { JsonSchema } from '@plexica/types';
import { describe, expect, it } from 'vitest';
import { programOf } from '../../testing/program-of.ts';
import { noErrorReferences } from './errors.ts';
import { jsonBody } from './examples.ts';
import { schemaObject } from './schema.ts';
import { mergedScope, pluginScope, type Scope } from './scope.ts';

const REF = { $ref: '#/schemas/Thing' };

function scopeOf(schemas: Record<string, JsonSchema>, isMerged = false): Scope {
  const manifest = { id: 'plugin-a', name: 'A', version: '1.0.0', schemas };
  const [plugin] = programOf({ 'plugin.json': manifest }).plugins;
  if (plugin === undefined) throw new Error('there is no plugin');
  return isMerged ? mergedScope(plugin, noErrorReferences()) : pluginScope(plugin);
}

describe('schemaObject', () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ['a reference', REF, { $ref: '#/components/schemas/PluginA_Thing' }],
    ['items', { items: REF }, { items: { $ref: '#/components/schemas/PluginA_Thing' } }],
    ['parts', { anyOf: [REF, true] }, { anyOf: [{ $ref: '#/components/schemas/PluginA_Thing' }, true] }],
    [
      'properties, whatever their names',
      { properties: { $ref: REF, enum: REF, const: REF, default: REF } },
      {
        properties: Object.fromEntries(
          ['$ref', 'enum', 'const', 'default'].map((name) => [
            name,
            { $ref: '#/components/schemas/PluginA_Thing' },
          ]),
        ),
      },
    ],
  ])('rewrites %s', (_, schema, expected) => {
    const scope = scopeOf({ Thing: {} }, true);
    expect(schemaObject(schema, scope)).toEqual(expected);
    expect([...scope.references.schemas]).toEqual(['Thing']);
  });

  it.each(['const', 'default', 'example', 'x-note'])('leaves the data below %s as it is', (keyword) => {
    const scope = scopeOf({ Thing: {} });
    const schema = { [keyword]: { ...REF, description: '<b>', title: '<script>' } };
    expect(schemaObject(schema, scope)).toEqual(schema);
    expect(scope.references.schemas.size).toBe(0);
  });

  it.each(['enum', 'examples'])('leaves the data in %s as it is', (keyword) => {
    const schema = { [keyword]: [REF, { properties: REF }, '#/schemas/Thing'] };
    expect(schemaObject(schema, scopeOf({ Thing: {} }))).toEqual(schema);
  });

  it.each<[JsonSchema, JsonSchema]>([
    [{ type: 'array' }, { type: 'array', items: {} }],
    [{ type: ['array', 'null'] }, { type: ['array', 'null'], items: {} }],
    [
      { type: 'object', required: ['a', 'toString'], properties: { a: { type: 'null' } } },
      { type: 'object', required: ['a', 'toString'], properties: { a: { type: 'null' }, toString: {} } },
    ],
    // Here a name that is not listed is forbidden: to list it would allow it.
    [
      { type: 'object', required: ['a'], additionalProperties: false },
      { type: 'object', required: ['a'], additionalProperties: false },
    ],
    [{ $comment: 'mine', $id: 'https://a.test/b', description: '<b>' }, { description: '&lt;b>' }],
  ])('writes %j as %j', (schema, expected) => {
    expect(schemaObject(schema, scopeOf({}))).toEqual(expected);
  });
});

describe('jsonBody', () => {
  const envelope = (properties: Record<string, JsonSchema>, required: string[] = []) => ({
    type: 'object',
    required: ['success', ...required],
    properties: { success: { const: true }, ...properties },
  });
  const list = { data: { type: 'array', items: REF }, total: { type: 'integer' } };

  it.each<[string, JsonSchema, unknown[]]>([
    ['its own', { examples: [1, 2] }, [1, 2]],
    ['the older spelling', { example: 0 }, [0]],
    ['those of the schema that it refers to', REF, [{ id: 1 }]],
    ['data in the envelope', envelope({ data: REF }), [{ success: true, data: { id: 1 } }]],
    ['a list in the envelope', envelope(list), [{ success: true, data: [{ id: 1 }], total: 1 }]],
    ['none where the envelope needs more', envelope({ data: REF, page: {} }, ['page']), []],
    ['none that readers would take for a reference', { examples: [REF, { a: [REF] }] }, []],
    ['none where there is none', envelope({ data: { type: 'string' } }), []],
  ])('shows %s', (_, schema, expected) => {
    const { examples = {} } = jsonBody(schema, scopeOf({ Thing: { type: 'object', examples: [{ id: 1 }] } }));
    expect(Object.values(examples).map((each) => 'value' in each && each.value)).toEqual(expected);
  });
});
