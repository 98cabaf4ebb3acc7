import { expect, it } from 'vitest';
import { parseJson } from '../parse/parse-json.ts';
import { findFileRefs } from './find-file-refs.ts';

it.each<[string, object, readonly string[]]>([
  ['a named schema', { schemas: { A: { $ref: './a.json' } } }, ['./a.json']],
  [
    'schemas of an endpoint',
    { backend: { endpoints: [{ body: { $ref: './b.json' }, returns: { list: { $ref: './r.json' } } }] } },
    ['./b.json', './r.json'],
  ],
  ['an answer called default', { schema: { response: { default: { $ref: './a.json' } } } }, ['./a.json']],
  [
    'properties with the names of keywords',
    { properties: { default: { $ref: './a.json' }, metadata: { $ref: './b.json' } } },
    ['./a.json', './b.json'],
  ],
  ['schemas in schemas', { schemas: { A: { items: { anyOf: [{ $ref: '../a.json' }] } } } }, ['../a.json']],
  [
    'refs out of the folder',
    { a: { $ref: '/etc/passwd' }, b: { $ref: '..\\x' }, c: { $ref: '\\x' } },
    ['/etc/passwd', '..\\x', '\\x'],
  ],
  [
    'refs that are not files',
    { a: { $ref: '#/schemas/A' }, b: { $ref: 'https://a/b.json' }, c: { $ref: 'a.json' } },
    [],
  ],
  ['a property called $ref', { properties: { $ref: { type: 'string' } } }, []],
  [
    'data',
    {
      default: { $ref: './a' },
      const: { $ref: './a' },
      enum: [{ $ref: './a' }],
      examples: [{ $ref: './a' }],
      metadata: { $ref: './a' },
      'x-a': { $ref: './a' },
    },
    [],
  ],
  ['a ref that is not a string', { a: { $ref: 5 } }, []],
])('looks for file refs in %s', (_, document, refs) => {
  const { value } = parseJson({ path: 'plugin.json', text: JSON.stringify(document) });
  if (value === undefined) throw new Error('does not parse');

  expect(findFileRefs(value).map((ref) => ref.value)).toEqual(refs);
});
