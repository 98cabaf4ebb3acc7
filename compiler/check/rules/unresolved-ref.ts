import { nearest } from '../../diagnostics/nearest.ts';
import { quote } from '../../diagnostics/quote.ts';
import { referencedName } from '../../ir/dereference.ts';
import { groupBy } from '../group-by.ts';
import type { Rule } from '../rule.ts';
import { schemaReferences } from '../schema-references.ts';

/** A `$ref` names a schema that the manifest has. */
export const unresolvedRef: Rule = {
  code: 'PLX3012',
  name: 'unresolved-ref',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      const references = groupBy(schemaReferences(plugin), ({ value }) => value);
      for (const [ref, [first, ...others]] of references) {
        const name = referencedName(ref);
        if (name === undefined || plugin.schemas.has(name)) continue;
        const meant = plugin.schemas.get(nearest(name, plugin.schemas.keys()) ?? '');
        yield {
          at: first.span,
          message: `plugin ${quote(plugin.id.value)} has no schema ${quote(name)}`,
          label: 'no such schema',
          related: [
            ...others.map(({ span }) => ({ at: span, label: 'referred to here too' })),
            ...(meant ? [{ at: meant.name.span, label: 'a schema with a similar name' }] : []),
          ],
          help: meant
            ? `change it to ${quote(`#/schemas/${meant.name.value}`)}`
            : `add ${quote(name)} to "schemas" of the manifest`,
        };
      }
    }
  },
};
