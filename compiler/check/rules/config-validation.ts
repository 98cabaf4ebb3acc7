import type { PluginConfigField } from '@plexica/types';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/quote.ts';
import { keySpanAt, spanAt } from '../../ir/document.ts';
import { type ConfigField, configFields } from '../config-fields.ts';
import { readPattern } from '../pattern/read-pattern.ts';
import { quotedList } from '../quoted-list.ts';
import type { Rule } from '../rule.ts';

type Keyword = 'min' | 'max' | 'minLength' | 'maxLength' | 'pattern';

const KEYWORDS: readonly Keyword[] = ['min', 'max', 'minLength', 'maxLength', 'pattern'];

/** What `validation` can hold for a type. */
const FITTING: Readonly<Record<PluginConfigField['type'], readonly Keyword[]>> = {
  string: ['minLength', 'maxLength', 'pattern'],
  number: ['min', 'max'],
  boolean: [],
  select: [],
  multiselect: [],
  json: [],
};

/** The validation of a setting fits its type and can be met. */
export const configValidation: Rule = {
  code: 'PLX4011',
  name: 'config-validation',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      for (const field of configFields(plugin)) {
        yield* misfits(field);
        yield* limits(field, 'min', 'max');
        yield* limits(field, 'minLength', 'maxLength');
        yield* pattern(field);
      }
    }
  },
};

function* misfits({ field: { key, type, validation }, node }: ConfigField): Generator<Finding> {
  const fitting = FITTING[type];
  for (const keyword of KEYWORDS) {
    if (validation?.[keyword] === undefined || fitting.includes(keyword)) continue;
    yield {
      at: keySpanAt(node, ['validation', keyword]),
      message: `${quote(keyword)} says nothing about the setting ${quote(key)}, which is a ${type}`,
      label: `not for a ${type}`,
      related: [{ at: spanAt(node, ['type']), label: 'the type' }],
      help: fitting.length === 0 ? 'remove it' : `remove it; a ${type} can have ${quotedList(fitting)}`,
    };
  }
}

function* limits(
  { field: { key, validation }, node }: ConfigField,
  least: 'min' | 'minLength',
  most: 'max' | 'maxLength',
): Generator<Finding> {
  const [low, high] = [validation?.[least], validation?.[most]];
  if (low === undefined || high === undefined || low <= high) return;
  yield {
    at: spanAt(node, ['validation', least]),
    message: `no value of ${quote(key)} can meet "${least}" ${low} and "${most}" ${high}`,
    label: `more than ${quote(most)}`,
    related: [{ at: spanAt(node, ['validation', most]), label: quote(most) }],
    help: 'exchange the two',
  };
}

function* pattern({ field: { key, validation }, node }: ConfigField): Generator<Finding> {
  if (validation?.pattern === undefined) return;
  const read = readPattern(validation.pattern);
  if (read.kind !== 'invalid') return;
  yield {
    at: spanAt(node, ['validation', 'pattern']),
    message: `the pattern of ${quote(key)} is not a regular expression: ${read.reason}`,
    label: 'cannot be read',
    help: 'correct it; it is read as an ECMAScript regular expression with the flag u',
  };
}
