import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../parse/parse-json.ts';
import { keywordProblem } from './keyword-problem.ts';
import { schemaVocabulary } from './schema-vocabulary.ts';

const VALUES: readonly unknown[] = [
  ...[null, true, 0, 1, -1, 1.5, '', 'a', 'string', 'date-time', '[', '^a'],
  ...[
    [],
    ['a'],
    ['a', 'a'],
    ['string', 'null'],
    [{}],
    [true],
    [1],
    [1, 1],
    {},
    { a: {} },
    { a: false },
    { a: 1 },
  ],
];

/** Where a manifest is held to more than JSON Schema asks for. */
const STRICTER: Readonly<Record<string, (value: unknown) => boolean>> = {
  // Where it may lead is for other rules.
  $ref: () => true,
  // An empty one fits nothing, and a repeated value is a slip.
  enum: Array.isArray,
  // An unknown one checks nothing.
  format: (value) => typeof value === 'string',
  // The metaschema does not ask whether it can be read.
  pattern: (value) => value === '[',
};

describe('the vocabulary of schemas', () => {
  const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: false });

  it.each([...schemaVocabulary])('agrees with JSON Schema 2020-12 about %s', (keyword, shape) => {
    for (const value of VALUES) {
      const text = JSON.stringify(value);
      const node = parseJson({ path: 'x.json', text }).value;
      const accepted = node !== undefined && keywordProblem(shape, node) === undefined;

      if (!accepted && STRICTER[keyword]?.(value) === true) continue;
      expect({ text, accepted }).toEqual({ text, accepted: ajv.validateSchema({ [keyword]: value }) });
    }
  });
});
