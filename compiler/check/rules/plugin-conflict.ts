import { quote } from '../../diagnostics/quote.ts';
import { groupBy } from '../group-by.ts';
import type { Rule } from '../rule.ts';

/** Plugins that exclude each other do not stand in one workspace. */
export const pluginConflict: Rule = {
  code: 'PLX3008',
  name: 'plugin-conflict',
  severity: 'error',

  *check({ plugins }) {
    const byId = groupBy(plugins, ({ id }) => id.value);
    const told = new Set<string>();
    for (const plugin of plugins) {
      for (const conflict of plugin.conflicts) {
        const other = byId.get(conflict.value)?.[0];
        const pair = JSON.stringify([plugin.id.value, conflict.value].sort());
        if (other === undefined || told.has(pair)) continue;
        told.add(pair);
        const back = other.conflicts.find(({ value }) => value === plugin.id.value && other !== plugin);
        yield {
          at: conflict.span,
          message:
            other === plugin
              ? `plugin ${quote(plugin.id.value)} says that it conflicts with itself`
              : `plugin ${quote(plugin.id.value)} conflicts with ${quote(conflict.value)}, and both are in this workspace`,
          label: 'declared to conflict',
          related: other === plugin ? [] : [{ at: back?.span ?? other.id.span, label: 'the other plugin' }],
          help: other === plugin ? 'remove it' : 'take one of the two out of the workspace',
        };
      }
    }
  },
};
