import { referencedName } from '../../ir/dereference.ts';
import { nodeAt } from '../../ir/document.ts';
import type { Plugin } from '../../ir/program.ts';
import { schemaNodes } from '../../ir/schema-nodes.ts';
import type { Located } from '../../ir/source.ts';
import { type Arrow, findCycles } from '../find-cycles.ts';
import type { Rule } from '../rule.ts';
import { referencesIn } from '../schema-references.ts';

/** No schema holds itself: neither a validator nor a type can be written out from one. */
export const refCycle: Rule = {
  code: 'PLX3014',
  name: 'ref-cycle',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      for (const cycle of findCycles([...references(plugin)])) {
        const [first, ...others] = cycle;
        if (first === undefined) continue;
        const names = [...cycle.map(({ from }) => from), first.from].join(' → ');
        yield {
          at: first.origin.span,
          message:
            others.length === 0
              ? `schema ${first.from} refers to itself`
              : `schemas refer to each other in a cycle: ${names}`,
          label: `${first.from} refers to ${first.to} here`,
          related: others.map(({ from, to, origin }) => ({
            at: origin.span,
            label: `${from} refers to ${to} here`,
          })),
          help: 'let one of them hold the id of the other instead of the whole',
        };
      }
    }
  },
};

/** From named schemas and schema files to what they refer to. */
function* references({ schemas, manifest }: Plugin): Generator<Arrow<Located<string>>> {
  for (const name of schemas.keys()) {
    const node = nodeAt(manifest.root, ['schemas', name]);
    if (node === undefined) continue;
    for (const origin of referencesIn(schemaNodes(node))) yield { from: name, to: targetOf(origin), origin };
  }
  for (const [name, { root }] of manifest.schemaFiles) {
    for (const origin of referencesIn(schemaNodes(root))) yield { from: name, to: targetOf(origin), origin };
  }
}

function targetOf({ value }: Located<string>): string {
  return referencedName(value) ?? value;
}
