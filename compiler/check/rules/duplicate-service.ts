import { quote } from '../../diagnostics/quote.ts';
import { groupBy } from '../group-by.ts';
import { ownPrefix } from '../own-prefix.ts';
import type { Rule } from '../rule.ts';

/** A service's name is its own in the whole workspace. */
export const duplicateService: Rule = {
  code: 'PLX3010',
  name: 'duplicate-service',
  severity: 'error',

  *check({ services }) {
    for (const [name, [first, ...others]] of groupBy(services, (service) => service.name.value)) {
      for (const other of others) {
        // Two manifests with one id share everything; rule duplicate-plugin-id tells that.
        if (other.plugin !== first.plugin && other.plugin.id.value === first.plugin.id.value) continue;
        yield {
          at: other.name.span,
          message: `service ${quote(name)} is already provided by plugin ${quote(first.plugin.id.value)}`,
          label: 'declared again here',
          related: [{ at: first.name.span, label: 'first declared here' }],
          help:
            other.plugin === first.plugin
              ? 'put the endpoints of both into one service, or give one another name'
              : `give it a name of its own, such as ${quote(`${ownPrefix(other.plugin.id.value)}.${lastPart(name)}`)}`,
        };
      }
    }
  },
};

function lastPart(serviceName: string): string {
  return serviceName.slice(serviceName.lastIndexOf('.') + 1);
}
