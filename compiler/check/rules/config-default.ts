import type { PluginConfigField } from '@plexica/types';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { quote } from '../../diagnostics/quote.ts';
import { type Path, spanAt } from '../../ir/document.ts';
import { type ConfigField, configFields } from '../config-fields.ts';
import { backtracks } from '../pattern/backtracks.ts';
import { readPattern } from '../pattern/read-pattern.ts';
import { quotedList } from '../quoted-list.ts';
import type { Rule } from '../rule.ts';

/** The default of a setting is a value that the setting allows. */
export const configDefault: Rule = {
  code: 'PLX4009',
  name: 'config-default',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      for (const field of configFields(plugin)) yield* defaultOf(field);
    }
  },
};

/** What is wrong with a default, and where in it. */
interface Problem {
  readonly path: Path;
  readonly what: string;
  readonly rule: Path;
  readonly help: string;
}

function* defaultOf({ field, node }: ConfigField): Generator<Finding> {
  if (!Object.hasOwn(field, 'default')) return;
  for (const { path, what, rule, help } of problemsOf(field, field.default)) {
    yield {
      at: spanAt(node, ['default', ...path]),
      message: `the default of ${quote(field.key)} ${what}`,
      label: 'not allowed by the setting itself',
      related: [{ at: spanAt(node, rule), label: 'what is allowed' }],
      help,
    };
  }
}

function* problemsOf(field: PluginConfigField, value: unknown): Generator<Problem> {
  switch (field.type) {
    case 'string':
      if (typeof value === 'string') yield* textProblems(field, value);
      else yield wrongType('a text');
      return;
    case 'number':
      if (typeof value === 'number') yield* numberProblems(field, value);
      else yield wrongType('a number');
      return;
    case 'boolean':
      if (typeof value !== 'boolean') yield wrongType('true or false');
      return;
    case 'select':
      if (typeof value === 'string') yield* choiceProblems(field, value, []);
      else yield wrongType('the value of one option');
      return;
    case 'multiselect':
      if (Array.isArray(value)) yield* listProblems(field, value);
      else yield wrongType('a list of values of options');
      return;
    case 'json':
  }
}

function wrongType(expected: string, path: Path = []): Problem {
  return { path, what: `must be ${expected}`, rule: ['type'], help: `write ${expected}, or change "type"` };
}

function* textProblems({ validation = {} }: PluginConfigField, value: string): Generator<Problem> {
  const { minLength, maxLength, pattern } = validation;
  const length = [...value].length;
  if (minLength !== undefined && length < minLength) {
    yield broken('minLength', `is shorter than ${minLength} characters`);
  }
  if (maxLength !== undefined && length > maxLength) {
    yield broken('maxLength', `is longer than ${maxLength} characters`);
  }
  if (pattern === undefined) return;
  const read = readPattern(pattern);
  // One that could take for ever is not tried; rule unsafe-pattern reports it.
  if (read.kind === 'valid' && !backtracks(pattern) && !read.expression.test(value)) {
    yield broken('pattern', `does not match ${quote(pattern)}`);
  }
}

function* numberProblems({ validation = {} }: PluginConfigField, value: number): Generator<Problem> {
  const { min, max } = validation;
  if (min !== undefined && value < min) yield broken('min', `is less than ${min}`);
  if (max !== undefined && value > max) yield broken('max', `is more than ${max}`);
}

function broken(keyword: string, what: string): Problem {
  return { path: [], what, rule: ['validation', keyword], help: `change the default, or ${quote(keyword)}` };
}

function* listProblems(field: PluginConfigField, values: readonly unknown[]): Generator<Problem> {
  for (const [index, value] of values.entries()) {
    if (typeof value !== 'string') yield wrongType('a list of values of options', [index]);
    else if (values.indexOf(value) < index) {
      yield {
        path: [index],
        what: `has ${quote(value)} twice`,
        rule: ['type'],
        help: 'remove one of the two',
      };
    } else yield* choiceProblems(field, value, [index]);
  }
}

/** Without options there is nothing to compare with, and rule `config-options` has said so. */
function* choiceProblems({ options = [] }: PluginConfigField, value: string, path: Path): Generator<Problem> {
  const values = options.map((option) => option.value);
  if (values.length === 0 || values.includes(value)) return;
  const meant = nearest(value, values);
  yield {
    path,
    what: `has ${quote(value)}, which is none of its options`,
    rule: ['options'],
    help: meant === undefined ? `choose ${quotedList(values, 'or')}` : `change it to ${quote(meant)}`,
  };
}
