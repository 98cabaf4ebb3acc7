import type { Finding } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/quote.ts';
import { keySpanAt, spanAt } from '../../ir/document.ts';
import { type ConfigField, configFields, hasOptions } from '../config-fields.ts';
import { groupBy } from '../group-by.ts';
import type { Rule } from '../rule.ts';

/** A select or multiselect has options to choose from, each once; nothing else has. */
export const configOptions: Rule = {
  code: 'PLX4010',
  name: 'config-options',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      for (const field of configFields(plugin)) {
        if (hasOptions(field.field)) yield* choices(field);
        else if (field.field.options !== undefined) yield unused(field);
      }
    }
  },
};

function* choices({ field: { key, type, options }, node }: ConfigField): Generator<Finding> {
  if (options === undefined || options.length === 0) {
    yield {
      at: spanAt(node, [options === undefined ? 'type' : 'options']),
      message: `the ${type} ${quote(key)} has no options`,
      label: 'nothing to choose from',
      help: 'add "options": [{ "value": "…", "label": "…" }], or make it a "string"',
    };
    return;
  }
  const placed = options.map(({ value }, index) => ({
    value,
    span: spanAt(node, ['options', index, 'value']),
  }));
  for (const [value, [first, ...others]] of groupBy(placed, (option) => option.value)) {
    for (const { span } of others) {
      yield {
        at: span,
        message: `the option ${quote(value)} of ${quote(key)} stands twice`,
        label: 'here again',
        related: [{ at: first.span, label: 'first here' }],
        help: 'remove one of the two, or change its value',
      };
    }
  }
}

function unused({ field: { key, type }, node }: ConfigField): Finding {
  return {
    at: keySpanAt(node, ['options']),
    message: `the setting ${quote(key)} has options, but is a ${type}`,
    label: 'not used',
    related: [{ at: spanAt(node, ['type']), label: 'the type' }],
    help: 'make it a "select" or a "multiselect", or remove "options"',
  };
}
