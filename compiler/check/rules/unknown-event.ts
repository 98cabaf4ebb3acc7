import type { Finding } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { quote } from '../../diagnostics/quote.ts';
import type { Plugin, PublishedEvent, Subscription } from '../../ir/program.ts';
import { groupBy } from '../group-by.ts';
import { quotedList } from '../quoted-list.ts';
import type { Rule } from '../rule.ts';

/** Somebody publishes what a plugin wants to be told of. */
export const unknownEvent: Rule = {
  code: 'PLX3017',
  name: 'unknown-event',
  severity: 'error',

  *check({ plugins, events, brokenPlugins }) {
    // A manifest that cannot be read may publish anything.
    if (brokenPlugins.size > 0) return;
    for (const plugin of plugins) {
      const unheard = [...plugin.subscribes, ...plugin.hooks].filter(({ event }) => event === undefined);
      for (const [name, places] of groupBy(unheard, (subscription) => subscription.name.value)) {
        yield unknown(plugin, name, places, events);
      }
    }
  },
};

function unknown(
  plugin: Plugin,
  name: string,
  [first, ...others]: readonly [Subscription, ...Subscription[]],
  events: readonly PublishedEvent[],
): Finding {
  const verb = plugin.hooks.includes(first) ? 'has a hook for' : 'subscribes to';
  const similar = nearest(
    name,
    events.map((event) => event.name),
  );
  const meant = events.find((event) => event.name === similar);
  return {
    at: first.name.span,
    message: `plugin ${quote(plugin.id.value)} ${verb} ${quote(name)}, which nobody publishes`,
    label: 'no such event',
    related: [
      ...others.map((other) => ({ at: other.name.span, label: 'named again here' })),
      ...(meant?.span === undefined ? [] : [{ at: meant.span, label: 'an event with a similar name' }]),
    ],
    help: meant
      ? `change it to ${quote(meant.name)}`
      : `add ${quote(name)} to "events.publishes" of the plugin whose event it is`,
    notes: meant ? whose(meant) : [`there are ${quotedList(namesOf(events))}`],
  };
}

function whose({ plugin, name }: PublishedEvent): string[] {
  return plugin === undefined ? [`${quote(name)} is an event of the platform`] : [];
}

/** Those of plugins first: there are fewer of the others, and they are well known. */
function namesOf(events: readonly PublishedEvent[]): string[] {
  const own = events.filter(({ plugin }) => plugin !== undefined);
  const core = events.filter(({ plugin }) => plugin === undefined);
  return [...new Set([...own, ...core].map(({ name }) => name))];
}
