import type { JsonSchema } from '@plexica/types';
import fc from 'fast-check';

/** JSON Schemas whose keywords have values of the right shape, put together at random. */
export const anySchema: fc.Arbitrary<JsonSchema> = fc.letrec<{ schema: JsonSchema; inner: unknown }>(
  (tie) => {
    const schema = tie('inner');
    const named = fc.dictionary(fc.constantFrom('id', 'name', 'constructor', 'x-a', '$ref'), schema, {
      maxKeys: 2,
    });
    const list = fc.array(schema, { minLength: 1, maxLength: 2 });
    const value = fc.constantFrom<unknown>(null, 'a', 1, ['a'], { id: 'a' });
    const size = fc.nat(3);
    return {
      inner: fc.oneof({ maxDepth: 3, depthSize: 'small' }, fc.boolean(), tie('schema')),
      schema: fc
        .record(
          {
            $ref: fc.constantFrom('#/schemas/A', '#/schemas/B'),
            additionalProperties: schema,
            allOf: list,
            anyOf: list,
            const: value,
            contains: schema,
            contentEncoding: fc.constant('base64'),
            default: value,
            deprecated: fc.boolean(),
            description: fc.constant('*/'),
            enum: fc.uniqueArray(value, {
              minLength: 1,
              maxLength: 3,
              selector: (each) => JSON.stringify(each),
            }),
            examples: fc.array(value, { maxLength: 2 }),
            exclusiveMaximum: fc.integer(),
            format: fc.constantFrom('date-time', 'email', 'uuid', 'int32', 'binary', 'uri-template'),
            items: schema,
            maxLength: size,
            minItems: size,
            multipleOf: fc.constantFrom(0.5, 2),
            not: schema,
            oneOf: list,
            pattern: fc.constantFrom('^a', '^[a-z]+(-[a-z]+)*$', '\\p{L}'),
            patternProperties: fc.dictionary(fc.constantFrom('^i', '^x-', '.'), schema, { maxKeys: 2 }),
            properties: named,
            propertyNames: schema,
            readOnly: fc.boolean(),
            required: fc.uniqueArray(fc.constantFrom('id', 'name', 'constructor'), { maxLength: 2 }),
            type: fc.oneof(
              fc.constantFrom('string', 'object', 'array', 'integer', 'null'),
              fc.uniqueArray(fc.constantFrom('string', 'object', 'array', 'null'), {
                minLength: 1,
                maxLength: 3,
              }),
            ),
            uniqueItems: fc.boolean(),
            'x-note': value,
          },
          { requiredKeys: [] },
        )
        .chain((whole) => {
          const keys = Object.keys(whole);
          const conditional = fc.constantFrom<readonly string[]>(
            [],
            [],
            [],
            ['then'],
            ['else'],
            ['then', 'else'],
          );
          return fc
            .tuple(fc.subarray(keys, { maxLength: 4 }), conditional, schema)
            .map(([kept, branches, branch]) => ({
              ...Object.fromEntries(Object.entries(whole).filter(([key]) => kept.includes(key))),
              ...(branches.length > 0 && {
                if: branch,
                ...Object.fromEntries(branches.map((key) => [key, branch])),
              }),
            }));
        }),
    };
  },
).schema;
