import { quote } from '../../diagnostics/quote.ts';
import { pathShape } from '../../ir/path-shape.ts';
import { groupBy } from '../group-by.ts';
import { pathProblems } from '../path-problems.ts';
import type { Rule } from '../rule.ts';

/** No two endpoints of one plugin answer the same request. */
export const routeConflict: Rule = {
  code: 'PLX4001',
  name: 'route-conflict',
  severity: 'error',

  *check({ plugins }) {
    for (const { routes } of plugins) {
      const readable = routes.filter(({ path }) => pathProblems(path.value).length === 0);
      const requests = groupBy(readable, ({ method, path }) => `${method} ${pathShape(path.value)}`);
      for (const [owner, ...others] of requests.values()) {
        for (const route of others) {
          const isSame = route.path.value === owner.path.value;
          yield {
            at: route.path.span,
            message: `${route.label} is already ${isSame ? 'declared' : `served by ${quote(owner.path.value)}`}`,
            label: 'claimed again here',
            related: [{ at: owner.path.span, label: 'first claimed here' }],
            notes: isSame ? [] : ['the names of parameters do not tell requests apart'],
            help: 'remove one of the two, or change its method or path',
          };
        }
      }
    }
  },
};
