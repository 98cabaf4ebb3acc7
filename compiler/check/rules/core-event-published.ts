import { quote } from '../../diagnostics/quote.ts';
import { ownPrefix } from '../own-prefix.ts';
import type { Rule } from '../rule.ts';

/** The events of the platform are its own: no plugin speaks in its name. */
export const coreEventPublished: Rule = {
  code: 'PLX3018',
  name: 'core-event-published',
  severity: 'error',

  *check({ events }) {
    const core = new Set(events.filter(({ plugin }) => plugin === undefined).map(({ name }) => name));
    for (const { plugin, name, span } of events) {
      if (plugin === undefined || span === undefined || !core.has(name)) continue;
      yield {
        at: span,
        message: `plugin ${quote(plugin.id.value)} publishes ${quote(name)}, which is an event of the platform`,
        label: 'only the platform publishes it',
        help: `give it a name of its own, such as ${quote(`${ownPrefix(plugin.id.value)}.${name}`)}`,
      };
    }
  },
};
