import { quote } from '../../diagnostics/quote.ts';
import type { Rule } from '../rule.ts';

/** A plugin that publishes or handles events runs somewhere: it has a backend. */
export const eventsWithoutBackend: Rule = {
  code: 'PLX4025',
  name: 'events-without-backend',
  severity: 'warning',

  *check({ plugins }) {
    for (const { id, hasBackend, publishes, subscribes } of plugins) {
      if (hasBackend) continue;
      const first = subscribes[0]?.name.span ?? publishes[0]?.span;
      if (first === undefined) continue;
      const what = subscribes.length > 0 ? 'handles them' : 'publishes them';
      yield {
        at: first,
        message: `plugin ${quote(id.value)} lists events, but has no backend that ${what}`,
        label: subscribes.length > 0 ? 'waits for a handler that nobody runs' : 'nobody publishes it',
        help: 'add "backend": {} if a server of this plugin does, or remove "events"',
      };
    }
  },
};
