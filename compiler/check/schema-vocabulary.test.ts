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

/** Where a manifest is held to more than JSON Schema asks for, and why. */
const STRICTER: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['format', (value) => typeof value === 'string'], // an unknown format checks nothing
  ['enum', Array.isArray], // an empty one fits nothing, and a repeated value is a slip
  ['pattern', (value) => value === '['], // whether it can be read is not the metaschema's business
  ['$ref', () => true], // where it may lead is
  ['examples', () => false],
]);

describe('the vocabulary of schemas', () => {
  const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: false });

  describe.each([...schemaVocabulary])('%s, %s', (keyword, shape) => {
    it.each(VALUES.map((value) => ({ value, text: JSON.stringify(value) })))(
      'agrees with JSON Schema 2020-12 about $text',
      ({ value, text }) => {
        const node = parseJson({ path: 'x.json', text }).value;
        if (node === undefined) throw new TypeError(text);
        const accepted = keywordProblem(shape, node) === undefined;

        if (accepted || STRICTER.get(keyword)?.(value) !== true) {
          expect(accepted).toBe(ajv.validateSchema({ [keyword]: value }));
        }
      },
    );
  });
});
