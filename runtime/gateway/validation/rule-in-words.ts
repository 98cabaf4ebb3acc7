import type { ErrorObject } from 'ajv';
import { isLinear, isSlowFormat, LONGEST_MATCHED } from './bounded-pattern.ts';

/** Of a pattern or a value in a message, in characters. */
const LONGEST_QUOTED = 200;
/** Values of an enumeration that are listed. */
const MOST_LISTED = 20;

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'an integer',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a string',
};

const FORMATS: Readonly<Record<string, string>> = {
  byte: 'base64',
  date: 'a date, such as 2026-01-31',
  'date-time': 'a date and time with its zone, such as 2026-01-31T12:00:00Z',
  email: 'an email address',
  hostname: 'a host name',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  time: 'a time with its zone, such as 12:00:00Z',
  uri: 'a URI',
  url: 'a URL',
  uuid: 'a UUID',
};

/** What is looked at of a violation. */
type BrokenRule = Pick<ErrorObject, 'keyword' | 'schema' | 'data'> & {
  readonly params: Readonly<Record<string, unknown>>;
};

/**
 * What a rule asks for, in words that follow the name of a field: `must be an integer`. The words come from the schema
 * alone. The violation is one of a verbose ajv.
 */
export function ruleInWords(violation: BrokenRule): string {
  const { keyword, schema } = violation;
  switch (keyword) {
    case 'type':
      return `must be ${(Array.isArray(schema) ? schema : [schema]).map((type) => TYPES[String(type)] ?? type).join(' or ')}`;
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return 'is not a known field';
    case 'false schema':
      return 'is not allowed';
    case 'enum':
      return `must be one of ${listed(Array.isArray(schema) ? schema : [])}`;
    case 'const':
      return `must be ${quoted(schema)}`;
    case 'minimum':
      return `must be at least ${schema}`;
    case 'maximum':
      return `must be at most ${schema}`;
    case 'exclusiveMinimum':
      return `must be more than ${schema}`;
    case 'exclusiveMaximum':
      return `must be less than ${schema}`;
    case 'multipleOf':
      return `must be a multiple of ${schema}`;
    case 'minLength':
      return schema === 1 ? 'must not be empty' : `must have at least ${counted(schema, 'character')}`;
    case 'maxLength':
      return `must have at most ${counted(schema, 'character')}`;
    case 'minItems':
      return schema === 1 ? 'must not be empty' : `must have at least ${counted(schema, 'item')}`;
    case 'maxItems':
      return `must have at most ${counted(schema, 'item')}`;
    case 'minProperties':
      return schema === 1 ? 'must not be empty' : `must have at least ${counted(schema, 'field')}`;
    case 'maxProperties':
      return `must have at most ${counted(schema, 'field')}`;
    case 'uniqueItems':
      return 'must not hold the same item twice';
    case 'contains':
      return 'lacks an item that must be in it';
    case 'propertyNames':
      return 'has a name that no field may have here';
    case 'pattern':
      return `must match the pattern ${shortened(String(schema))}${isLinear(String(schema)) ? '' : andShort(violation)}`;
    case 'format':
      return `must be ${FORMATS[String(schema)] ?? `in the format "${schema}"`}${isSlowFormat(schema) ? andShort(violation) : ''}`;
    case 'not':
      return 'must not be like that';
    case 'oneOf':
      return violation.params.passingSchemas === null
        ? 'fits none of the alternatives'
        : 'fits more than one of the alternatives';
    case 'anyOf':
      return 'fits none of the alternatives';
    default:
      return `breaks the rule "${keyword}"`;
  }
}

/** A text that is longer was not tried. */
function andShort({ data }: BrokenRule): string {
  const isLong = typeof data === 'string' && data.length > LONGEST_MATCHED;
  return isLong ? `, and have at most ${LONGEST_MATCHED} characters` : '';
}

function listed(values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_LISTED).map(quoted).join(', ');
  return values.length > MOST_LISTED ? `${shown} and ${values.length - MOST_LISTED} more` : shown;
}

function quoted(value: unknown): string {
  return shortened(JSON.stringify(value));
}

function shortened(text: string): string {
  return text.length > LONGEST_QUOTED ? `${text.slice(0, LONGEST_QUOTED)}…` : text;
}

function counted(count: unknown, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
