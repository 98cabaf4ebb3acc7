import { type Diagnostic, diagnostic, type Finding } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { quote } from '../diagnostics/quote.ts';
import { type DocumentNode, keySpanAt } from '../ir/document.ts';
import type { Cause } from './collapse-violations.ts';
import {
  chooseOne,
  malformedValue,
  missingKey,
  outOfRange,
  unknownKey,
  unknownValue,
  wrongType,
} from './kinds.ts';
import { KNOWN_PATTERNS } from './known-patterns.ts';
import { MISPLACED_KEYS } from './misplaced-keys.ts';
import { ownerSpan, type Place, placeAt, placeName, valueSpan } from './place.ts';
import { convertValue, correctForm } from './suggest-value.ts';
import { listWords, nodeWord, typeWord, type Vocabulary } from './vocabulary.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Tells one violation in the document's own words. */
export function explainCause(root: DocumentNode, cause: Cause, words: Vocabulary): Diagnostic {
  const place = placeAt(root, cause.violation.instancePath);
  const explain = EXPLANATIONS[cause.violation.keyword] ?? explainRest;
  return explain({
    cause,
    place,
    words,
    name: placeName(place, words.document),
    schema: cause.violation.parentSchema ?? {},
  });
}

interface Context {
  readonly cause: Cause;
  readonly place: Place;
  readonly words: Vocabulary;
  /** What messages call the place: `backend.endpoints[0]`. */
  readonly name: string;
  /** The schema that is broken. */
  readonly schema: Schema;
}

type Explain = (context: Context) => Diagnostic;

const explainUnknownKey: Explain = ({ cause, place, name, schema }) => {
  const key = String(cause.violation.params.additionalProperty);
  const allowed = Object.keys(record(schema.properties));
  const taken = place.node?.kind === 'object' ? place.node.members : new Map<string, unknown>();
  const free = allowed.filter((candidate) => !taken.has(candidate));
  const meant = cause.meant ?? nearest(key, free);
  const home = place.path.length === 0 ? MISPLACED_KEYS.get(key) : undefined;
  const own = '^x-' in record(schema.patternProperties) ? '; keys of your own begin with "x-"' : '';
  const others = free.length > 0 ? `, or use ${listWords(free.map(quote))}` : '';
  return diagnostic(unknownKey, {
    at: keySpanAt(place.root, [...place.path, key]),
    message: `${quote(key)} is not a key of ${name}`,
    ...(home !== undefined
      ? { label: `belongs into ${quote(home)}`, help: `move it into ${quote(home)}` }
      : meant !== undefined
        ? { label: `did you mean ${quote(meant)}?`, help: `change it to ${quote(meant)}` }
        : { label: 'unknown key', help: `remove it${others}${own}` }),
  });
};

const explainMissingKey: Explain = ({ cause, place, name, schema }) => {
  const key = String(cause.violation.params.missingProperty);
  const { description } = record(record(schema.properties)[key]);
  return diagnostic(missingKey, {
    at: ownerSpan(place),
    message: `${name} lacks ${quote(key)}`,
    label: `needs ${quote(key)}`,
    help:
      typeof description === 'string' ? `add ${quote(key)}: ${lowerFirst(description)}` : `add ${quote(key)}`,
  });
};

const explainType: Explain = ({ cause, place, words, name, schema }) => {
  const types = cause.types ?? [cause.violation.params.type].flat().map(String);
  const found = place.node === undefined ? 'nothing' : nodeWord(place.node, words);
  const expected = listWords(types.map((type) => typeWord(type, words)));
  const needed = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const help = convertValue(place.node, types, Object.keys(record(schema.properties)), needed);
  return diagnostic(wrongType, {
    at: valueSpan(place),
    message: `${name} must be ${expected}, not ${found}`,
    label: `expected ${expected}`,
    ...(help !== undefined && { help }),
  });
};

const explainEnum: Explain = ({ cause, place, words, name, schema }) => {
  const allowed = [schema.const ?? cause.violation.params.allowedValues].flat();
  const shown = allowed.map((value) => (typeof value === 'string' ? quote(value) : String(value)));
  const value = place.node?.kind === 'scalar' ? place.node.value : undefined;
  const meant =
    typeof value === 'string'
      ? nearest(
          value,
          allowed.filter((other) => typeof other === 'string'),
        )
      : undefined;
  const found = typeof value === 'string' ? quote(value) : place.node && nodeWord(place.node, words);
  return diagnostic(unknownValue, {
    at: valueSpan(place),
    message: `${name} must be ${listWords(shown)}, not ${found}`,
    label: meant === undefined ? 'not one of them' : `did you mean ${quote(meant)}?`,
    help: meant === undefined ? `use ${listWords(shown)}` : `change it to ${quote(meant)}`,
  });
};

const explainPattern: Explain = ({ cause, place }) =>
  diagnostic(malformedValue, {
    at: place.span,
    ...malformed(scalarText(place.node), String(cause.violation.params.pattern)),
  });

const explainKeyName: Explain = ({ cause, place, name }) => {
  const key = String(cause.violation.params.propertyName);
  const at = keySpanAt(place.root, [...place.path, key]);
  const inner = cause.inner;
  if (inner?.keyword === 'pattern') {
    return diagnostic(malformedValue, { at, ...malformed(key, String(inner.params.pattern)) });
  }
  const limit = inner?.params.limit;
  return diagnostic(outOfRange, {
    at,
    message: `a key of ${name} is longer than ${String(limit)} characters`,
    help: 'shorten it',
  });
};

const explainRange: Explain = ({ cause, place, name, schema }) => {
  const { keyword } = cause.violation;
  const limit = Number(cause.violation.params.limit);
  const choice = keyword.endsWith('Properties') ? Object.keys(record(schema.properties)) : [];
  if (choice.length > 0) return mustChoose(place, name, choice);
  const [message, help] = rangeWords(keyword, limit, name);
  return diagnostic(outOfRange, {
    at: valueSpan(place),
    message,
    help,
  });
};

const explainOneOf: Explain = ({ place, name, schema }) => {
  const branches = Array.isArray(schema.oneOf) ? schema.oneOf : [];
  return mustChoose(place, name, branches.flatMap((branch) => record(branch).required).map(String));
};

/** For a keyword that our schemas do not use: still a finding, in the validator's words. */
const explainRest: Explain = ({ cause, place, name }) =>
  diagnostic(malformedValue, {
    at: place.span,
    message: `${name} ${cause.violation.message ?? 'is not valid'}`,
  });

const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  additionalProperties: explainUnknownKey,
  required: explainMissingKey,
  type: explainType,
  enum: explainEnum,
  const: explainEnum,
  pattern: explainPattern,
  propertyNames: explainKeyName,
  minimum: explainRange,
  maximum: explainRange,
  minLength: explainRange,
  maxLength: explainRange,
  minItems: explainRange,
  minProperties: explainRange,
  maxProperties: explainRange,
  oneOf: explainOneOf,
};

function malformed(text: string, pattern: string): Omit<Finding, 'at'> {
  const known = KNOWN_PATTERNS.get(pattern);
  if (known === undefined)
    return { message: `${quote(text)} does not match ${pattern}`, help: 'change it to match' };
  const corrected = correctForm(text, pattern);
  return {
    message: `${text === '' ? 'an empty string' : quote(text)} is not ${known.what}`,
    label: `expected ${known.what}, such as ${quote(known.example)}`,
    help: corrected === undefined ? `use ${known.rule}` : `change it to ${quote(corrected)}: ${known.rule}`,
  };
}

function mustChoose(place: Place, name: string, keys: readonly string[]): Diagnostic {
  const members = place.node?.kind === 'object' ? [...place.node.members.values()] : [];
  const [first, second] = members.filter(({ key }) => keys.includes(key.value));
  const choice = listWords(keys.map(quote));
  if (first === undefined || second === undefined) {
    return diagnostic(chooseOne, {
      at: ownerSpan(place),
      message: `${name} needs one of ${choice}`,
      help: `add ${choice}`,
    });
  }
  return diagnostic(chooseOne, {
    at: second.key.span,
    message: `${name} may have only one of ${choice}`,
    label: `excluded by ${quote(first.key.value)}`,
    related: [{ at: first.key.span, label: 'this one stands first' }],
    help: `remove ${quote(first.key.value)} or ${quote(second.key.value)}`,
  });
}

function rangeWords(keyword: string, limit: number, name: string): readonly [message: string, help: string] {
  switch (keyword) {
    case 'minimum':
      return [`${name} must be ${limit} or more`, `use ${limit} or more`];
    case 'maximum':
      return [`${name} must be ${limit} or less`, `use ${limit} or less`];
    case 'minLength':
      return limit === 1
        ? [`${name} is empty`, 'write something, or remove the key']
        : [`${name} must have ${limit} characters or more`, 'make it longer'];
    case 'maxLength':
      return [`${name} is longer than ${limit} characters`, 'shorten it'];
    default:
      return [`${name} is an empty list`, 'add an entry, or remove the key'];
  }
}

function scalarText(node: DocumentNode | undefined): string {
  return node?.kind === 'scalar' ? String(node.value) : '';
}

function record(value: unknown): Schema {
  // Schemas are our own JSON: an object here is a record.
  return typeof value === 'object' && value !== null ? (value as Schema) : {};
}

function lowerFirst(description: string): string {
  const text = description.replace(/\.$/, '');
  return /^[A-Z][a-z]/.test(text) ? `${text[0]?.toLowerCase()}${text.slice(1)}` : text;
}
