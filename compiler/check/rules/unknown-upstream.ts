import { nearest } from '../../diagnostics/nearest.ts';
import { quote } from '../../diagnostics/quote.ts';
import { keySpanAt } from '../../ir/document.ts';
import type { Rule } from '../rule.ts';

/** plexica.yaml says where plugins are that exist. */
export const unknownUpstream: Rule = {
  code: 'PLX3015',
  name: 'unknown-upstream',
  severity: 'error',

  *check({ workspace, plugins, brokenPlugins }) {
    const ids = plugins.map(({ id }) => id.value);
    for (const id of Object.keys(workspace.value.upstreams ?? {})) {
      if (ids.includes(id) || brokenPlugins.has(id)) continue;
      const meant = plugins.find((plugin) => plugin.id.value === nearest(id, ids));
      yield {
        at: keySpanAt(workspace.root, ['upstreams', id]),
        message: `"upstreams" names plugin ${quote(id)}, which is not in this workspace`,
        label: 'no such plugin',
        related: meant ? [{ at: meant.id.span, label: 'a plugin with a similar id' }] : [],
        help: meant
          ? `change it to ${quote(meant.id.value)}`
          : 'remove it, or add the manifest of the plugin',
      };
    }
  },
};
