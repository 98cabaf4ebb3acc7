import { quote } from '../../diagnostics/quote.ts';
import { groupBy } from '../group-by.ts';
import type { Rule } from '../rule.ts';

/** One plugin's dependency on one service is declared once. */
export const duplicateDependency: Rule = {
  code: 'PLX3016',
  name: 'duplicate-dependency',
  severity: 'error',

  *check({ plugins }) {
    for (const { id, edges } of plugins) {
      const services = groupBy(
        edges.flatMap((edge) => edge.services.map(({ service }) => ({ edge, service }))),
        ({ service }) => service.name.value,
      );
      for (const [name, [first, ...others]] of services) {
        for (const { edge } of others) {
          const place = edge.serviceName ?? edge.pluginId;
          yield {
            at: place.span,
            message: `plugin ${quote(id.value)} declares its dependency on service ${quote(name)} twice`,
            label:
              edge.serviceName === undefined
                ? `every service of ${edge.pluginId.value}`
                : 'declared again here',
            related: [
              { at: (first.edge.serviceName ?? first.edge.pluginId).span, label: 'first declared here' },
            ],
            help: 'put the endpoints of both into one dependency',
          };
        }
      }
    }
  },
};
