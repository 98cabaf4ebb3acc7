import { quote } from '../../diagnostics/quote.ts';
import { missingPlugins, otherPlaces } from '../missing-plugins.ts';
import type { Rule } from '../rule.ts';

/** A plugin calls services of plugins that are in the workspace. */
export const unknownPlugin: Rule = {
  code: 'PLX3003',
  name: 'unknown-plugin',
  severity: 'error',

  *check(program) {
    for (const missing of missingPlugins(program)) {
      const place = missing.edges.find(({ required }) => required)?.pluginId;
      if (place === undefined) continue;
      yield {
        at: place.span,
        message: `plugin ${quote(missing.namedBy.id.value)} depends on plugin ${quote(missing.id)}, which is not in this workspace`,
        label: 'no such plugin',
        related: otherPlaces(missing, place),
        help: missing.help,
      };
    }
  },
};
