import { quote } from '../../diagnostics/quote.ts';
import { groupBy } from '../group-by.ts';
import type { Rule } from '../rule.ts';

/** A plugin's id is its own: it is the first segment of its routes, and what others call it by. */
export const duplicatePluginId: Rule = {
  code: 'PLX3001',
  name: 'duplicate-plugin-id',
  severity: 'error',

  *check({ plugins }) {
    for (const [id, [first, ...others]] of groupBy(plugins, (plugin) => plugin.id.value)) {
      for (const other of others) {
        yield {
          at: other.id.span,
          message: `the plugin id ${quote(id)} is already taken by ${first.manifest.file.path}`,
          label: 'taken already',
          related: [{ at: first.id.span, label: 'first used here' }],
          help: 'give one of the two plugins another id',
        };
      }
    }
  },
};
