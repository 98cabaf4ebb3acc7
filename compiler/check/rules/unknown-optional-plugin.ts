import { quote } from '../../diagnostics/quote.ts';
import { missingPlugins, otherPlaces } from '../missing-plugins.ts';
import type { Rule } from '../rule.ts';

/** An optional dependency may be absent; its client is then not generated, and its name may be a slip. */
export const unknownOptionalPlugin: Rule = {
  code: 'PLX3004',
  name: 'unknown-optional-plugin',
  severity: 'warning',

  *check(program) {
    for (const missing of missingPlugins(program)) {
      if ([...missing.edges, ...missing.dependencies].some(({ required }) => required)) continue;
      const [edge] = missing.edges;
      const place = edge?.pluginId ?? missing.dependencies[0]?.id;
      // What `dependencies.optional` names needs no client: there, only a likely slip is worth a word.
      if (place === undefined || (edge === undefined && missing.similar === undefined)) continue;
      yield {
        at: place.span,
        message: `plugin ${quote(missing.namedBy.id.value)} names plugin ${quote(missing.id)} as optional, which is not in this workspace`,
        label: edge === undefined ? 'no such plugin' : 'no such plugin: no client is generated for it',
        related: otherPlaces(missing, place),
        help: missing.help,
      };
    }
  },
};
