import { quote } from '../../diagnostics/quote.ts';
import { missingPlugins, otherPlaces } from '../missing-plugins.ts';
import type { Rule } from '../rule.ts';

/** What `dependencies.required` names is in the workspace. */
export const missingRequiredPlugin: Rule = {
  code: 'PLX3007',
  name: 'missing-required-plugin',
  severity: 'error',

  *check(program) {
    for (const missing of missingPlugins(program)) {
      const place = missing.dependencies.find(({ required }) => required)?.id;
      // A required edge to the same plugin has the same cause, and rule unknown-plugin tells it.
      if (place === undefined || missing.edges.some(({ required }) => required)) continue;
      yield {
        at: place.span,
        message: `plugin ${quote(missing.namedBy.id.value)} requires plugin ${quote(missing.id)}, which is not in this workspace`,
        label: 'required, and missing',
        related: otherPlaces(missing, place),
        help: missing.help,
      };
    }
  },
};
