import { quote } from '../../diagnostics/quote.ts';
import { keySpanAt } from '../../ir/document.ts';
import type { Rule } from '../rule.ts';

/** `requiresAuth` is the older spelling of `auth`. */
export const requiresAuth: Rule = {
  code: 'PLX4017',
  name: 'requires-auth',
  severity: 'warning',

  *check({ plugins }) {
    for (const { id, routes } of plugins) {
      const declarations = routes.flatMap((route) => route.declarations);
      // A spelling is a habit: one finding for each plugin.
      const [first, ...others] = declarations.filter(({ endpoint }) => endpoint.requiresAuth !== undefined);
      if (first === undefined) continue;
      const { auth, requiresAuth: value } = first.endpoint;
      yield {
        at: keySpanAt(first.node, ['requiresAuth']),
        message: `plugin ${quote(id.value)} writes "requiresAuth", which is called "auth" now`,
        label: 'the older spelling',
        related: others.map(({ node }) => ({ at: keySpanAt(node, ['requiresAuth']), label: 'here too' })),
        help: auth === undefined ? `change it to "auth": ${value}` : 'remove it: "auth" stands beside it',
      };
    }
  },
};
