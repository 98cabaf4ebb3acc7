import { quote } from '../../diagnostics/quote.ts';
import { spanAt } from '../../ir/document.ts';
import { configFields } from '../config-fields.ts';
import { groupBy } from '../group-by.ts';
import type { Rule } from '../rule.ts';

/** A setting is declared once. */
export const duplicateConfigKey: Rule = {
  code: 'PLX4008',
  name: 'duplicate-config-key',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      for (const [key, [first, ...others]] of groupBy(configFields(plugin), ({ field }) => field.key)) {
        for (const { node } of others) {
          yield {
            at: spanAt(node, ['key']),
            message: `plugin ${quote(plugin.id.value)} declares the setting ${quote(key)} twice`,
            label: 'declared again here',
            related: [{ at: spanAt(first.node, ['key']), label: 'first declared here' }],
            help: 'remove one of the two, or give it another key',
          };
        }
      }
    }
  },
};
