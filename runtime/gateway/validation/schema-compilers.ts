import type { ErrorObject, Format, Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { replaceUniqueItems, stopAtEnough } from './bounded-keywords.ts';
import { boundedPattern, isSlowFormat, LONGEST_MATCHED } from './bounded-pattern.ts';
import { MOST_LISTED } from './request-invalid.ts';

/** Finds the ways in which a value breaks a schema. */
export type FindViolations = (value: unknown) => readonly ErrorObject[];

/** Compiles schemas without references. Both throw an Error for what is none. */
export interface SchemaCompilers {
  /**
   * For names with texts. As in Fastify, "7" is a number where one is asked for and a single text is a list of one; the
   * value that is checked is changed on the way.
   */
  ofTexts(schema: unknown): FindViolations;
  /** For a JSON value: "7" is no number. Defaults are filled in. */
  ofJson(schema: unknown): FindViolations;
}

const OPTIONS: Options = {
  // The compiler has checked the schemas, and lets in only keywords that say the same here and in Fastify.
  strict: false,
  // 1e999 is no number that anybody could store.
  strictNumbers: true,
  validateSchema: false,
  meta: false,
  addUsedSchema: false,
  logger: false,
  unicodeRegExp: true,
  // "constructor" and "toString" are fields like any other.
  ownProperties: true,
  // A required field that has a default may be left out: plugins see it filled in.
  useDefaults: true,
  messages: false,
  // Violations bring along the schema that says what was asked for.
  verbose: true,
  formats: Object.fromEntries(
    Object.entries(fullFormats).map(([name, format]) => [name, bounded(name, format)]),
  ),
  code: { regExp: boundedPattern },
};

/** Three of ajv, made when they are first needed: some gateways check nothing. */
export function createSchemaCompilers(): SchemaCompilers {
  const texts = lazily(() =>
    replaceUniqueItems(new Ajv2020({ ...OPTIONS, allErrors: true, coerceTypes: 'array' })),
  );
  const verdicts = lazily(() => replaceUniqueItems(new Ajv2020(OPTIONS)));
  const lists = lazily(() =>
    stopAtEnough(replaceUniqueItems(new Ajv2020({ ...OPTIONS, allErrors: true })), MOST_LISTED),
  );
  return {
    ofTexts(schema) {
      // Texts stand in the head of a request, which is small.
      const validate = compile(texts(), schema);
      return (value) => (validate(value) ? [] : (validate.errors ?? []));
    },
    ofJson(schema) {
      // A large body can be wrong in a million places. The verdict ends at the first; the list, which may end anywhere, is
      // made of what is known to be wrong.
      const isValid = compile(verdicts(), schema);
      const list = lazily(() => compile(lists(), schema));
      return (value) => {
        if (isValid(value)) return [];
        const first = isValid.errors ?? [];
        const all = violationsOf(list(), value);
        // Defaults that were filled in on the way may have mended what was wrong before.
        return all.length === 0 ? first : all;
      };
    },
  };
}

function compile(ajv: Ajv2020, schema: unknown) {
  // What is neither is for ajv to refuse.
  return ajv.compile(schema as object | boolean);
}

function violationsOf(validate: ReturnType<typeof compile>, value: unknown): readonly ErrorObject[] {
  try {
    return validate(value) ? [] : (validate.errors ?? []);
  } catch (thrown) {
    // `stopAtEnough` throws what was found.
    if (Array.isArray(thrown)) return thrown;
    throw thrown;
  }
}

function bounded(name: string, format: Format): Format {
  if (!isSlowFormat(name)) return format;
  // Of ajv-formats' own, these two are an expression and a function.
  const isValid =
    format instanceof RegExp ? (text: string) => format.test(text) : (format as (text: string) => boolean);
  return (text: string) => text.length <= LONGEST_MATCHED && isValid(text);
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
