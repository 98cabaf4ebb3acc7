import { quote } from '../../diagnostics/quote.ts';
import { groupBy } from '../group-by.ts';
import type { Rule } from '../rule.ts';

/** A permission is declared once. */
export const duplicatePermission: Rule = {
  code: 'PLX4012',
  name: 'duplicate-permission',
  severity: 'error',

  *check({ plugins }) {
    for (const { id, permissions } of plugins) {
      for (const [name, [first, ...others]] of groupBy(permissions, (permission) => permission.name)) {
        for (const { span } of others) {
          yield {
            at: span,
            message: `plugin ${quote(id.value)} declares the permission ${quote(name)} twice`,
            label: 'declared again here',
            related: [{ at: first.span, label: 'first declared here' }],
            help: 'remove one of the two',
          };
        }
      }
    }
  },
};
