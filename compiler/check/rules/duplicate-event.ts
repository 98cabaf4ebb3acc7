import { quote } from '../../diagnostics/quote.ts';
import type { Plugin } from '../../ir/program.ts';
import type { Located } from '../../ir/source.ts';
import { groupBy } from '../group-by.ts';
import type { Rule } from '../rule.ts';

/** Each list of events names an event once. */
export const duplicateEvent: Rule = {
  code: 'PLX4023',
  name: 'duplicate-event',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      for (const [list, names] of listsOf(plugin)) {
        for (const [name, [first, ...others]] of groupBy(names, ({ value }) => value)) {
          for (const { span } of others) {
            yield {
              at: span,
              message: `"${list}" of plugin ${quote(plugin.id.value)} names ${quote(name)} twice`,
              label: 'named again here',
              related: [{ at: first.span, label: 'first named here' }],
              help: 'remove one of the two',
            };
          }
        }
      }
    }
  },
};

function listsOf({ publishes, subscribes, hooks }: Plugin): [list: string, names: Located<string>[]][] {
  return [
    [
      'events.publishes',
      publishes.flatMap(({ name, span }) => (span === undefined ? [] : [{ value: name, span }])),
    ],
    ['events.subscribes', subscribes.map(({ name }) => name)],
    ['backend.hooks', hooks.map(({ name }) => name)],
  ];
}
