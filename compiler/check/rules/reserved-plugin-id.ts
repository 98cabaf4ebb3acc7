import { quote } from '../../diagnostics/quote.ts';
import { gatewayNames } from '../../ir/reserved-names.ts';
import type { Rule } from '../rule.ts';

/** The gateway's own endpoints and documents stand beside those of the plugins, so a plugin cannot have their names. */
export const reservedPluginId: Rule = {
  code: 'PLX4005',
  name: 'reserved-plugin-id',
  severity: 'error',

  *check({ plugins }) {
    for (const { id } of plugins) {
      if (!gatewayNames.has(id.value)) continue;
      yield {
        at: id.span,
        message: `the plugin id ${quote(id.value)} is reserved for the gateway itself`,
        label: "one of the gateway's own names",
        help: `change it to ${quote(`plugin-${id.value}`)}`,
      };
    }
  },
};
