import { quote } from '../../diagnostics/quote.ts';
import { locatedAt } from '../../ir/document.ts';
import { spanWithin } from '../../ir/source.ts';
import { groupBy } from '../group-by.ts';
import { pathProblems } from '../path-problems.ts';
import type { Rule } from '../rule.ts';

/** A path is made of static segments and whole parameters, and means the same to the gateway and to the plugin. */
export const pathSyntax: Rule = {
  code: 'PLX4002',
  name: 'path-syntax',
  severity: 'error',

  *check({ routes }) {
    for (const { declarations } of routes) {
      const written = declarations.map(({ node, endpoint }) => locatedAt(node, ['path'], endpoint.path));
      for (const [path, [first, ...others]] of groupBy(written, ({ value }) => value)) {
        for (const { start, end, what, help } of pathProblems(path)) {
          yield {
            at: spanWithin(first, start, end),
            message: `the path ${quote(path)} ${what}`,
            related: others.map(({ span }) => ({ at: span, label: 'written here too' })),
            help,
          };
        }
      }
    }
  },
};
