import type { Finding } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/quote.ts';
import type { Subscription } from '../../ir/program.ts';
import type { Rule } from '../rule.ts';
import { schemaContradiction } from '../schema-contradiction.ts';

/** What a subscriber says of an event's payload is what the publisher promises of it, or less. */
export const eventContradiction: Rule = {
  code: 'PLX4024',
  name: 'event-contradiction',
  severity: 'error',

  *check({ plugins }) {
    for (const { subscribes } of plugins) {
      for (const subscription of subscribes) {
        const finding = contradiction(subscription);
        if (finding !== undefined) yield finding;
      }
    }
  },
};

function contradiction({ plugin, name, schema, event }: Subscription): Finding | undefined {
  if (schema === undefined || event === undefined) return undefined;
  const publisher = event.plugin?.id.value ?? 'the platform';
  const related =
    event.span === undefined
      ? []
      : [{ at: event.span, label: `${publisher} publishes it, and says what it is` }];
  if (event.schema === undefined) {
    return {
      at: schema.span,
      message: `plugin ${quote(plugin.id.value)} has a schema for ${quote(name.value)}, of which ${publisher} promises nothing`,
      label: 'nobody holds the publisher to it',
      related,
      help: `move it to "events.publishes" of ${publisher}, or remove it`,
    };
  }
  const problem = schemaContradiction(
    { schema: schema.value, schemas: plugin.schemas },
    { schema: event.schema, schemas: event.plugin?.schemas ?? new Map() },
  );
  if (problem === undefined) return undefined;
  return {
    at: schema.span,
    message: `plugin ${quote(plugin.id.value)} expects of ${quote(name.value)} what ${publisher} does not promise: ${problem}`,
    label: 'contradicts the schema of the publisher',
    related,
    help: `remove it: the schema of ${publisher} is what payloads are checked against`,
  };
}
