import { quote } from '../../diagnostics/quote.ts';
import { gatewayNames } from '../../ir/reserved-names.ts';
import type { Rule } from '../rule.ts';

/** The gateway's own endpoints stand beside the plugins, so a plugin cannot have one of their names. */
export const reservedPluginId: Rule = {
  code: 'PLX4005',
  name: 'reserved-plugin-id',
  severity: 'error',

  *check({ plugins }) {
    for (const { id } of plugins) {
      if (!gatewayNames.has(id.value)) continue;
      yield {
        at: id.span,
        message: `the plugin id ${quote(id.value)} is reserved: the gateway serves /api/plugin-gateway/${id.value} itself`,
        label: "one of the gateway's own names",
        help: `change it to ${quote(`plugin-${id.value}`)}`,
      };
    }
  },
};
