import { quote } from '../../diagnostics/quote.ts';
import type { Plugin } from '../../ir/program.ts';
import { groupBy } from '../group-by.ts';
import { ownPrefix } from '../own-prefix.ts';
import type { Rule } from '../rule.ts';

/** An event belongs to one plugin, which alone says what its payload is and when it happens. */
export const eventOwnerConflict: Rule = {
  code: 'PLX3019',
  name: 'event-owner-conflict',
  severity: 'error',

  *check({ events }) {
    for (const [name, [first, ...others]] of groupBy(events, (event) => event.name)) {
      // Of a core event, rule core-event-published tells.
      if (first.plugin === undefined || first.span === undefined) continue;
      for (const { plugin, span } of others) {
        // One plugin twice, or two manifests with one id: rules duplicate-event and duplicate-plugin-id.
        if (plugin === undefined || span === undefined || sameId(plugin, first.plugin)) continue;
        const { value: owner } = first.plugin.id;
        yield {
          at: span,
          message: `the event ${quote(name)} is already published by plugin ${quote(owner)}`,
          label: 'published again here',
          related: [{ at: first.span, label: `${owner} publishes it` }],
          help: `give it a name of its own, such as ${quote(ownName(plugin, name))}`,
        };
      }
    }
  },
};

function sameId(a: Plugin, b: Plugin): boolean {
  return a.id.value === b.id.value;
}

/** For plugin-mail, `crm.contact.created` → `mail.contact.created`, and `contact.created` too. */
function ownName({ id }: Plugin, name: string): string {
  const words = name.split('.');
  return [ownPrefix(id.value), ...words.slice(words.length > 2 ? 1 : 0)].join('.');
}
