import { quote } from '../../diagnostics/quote.ts';
import { nodeAt } from '../../ir/document.ts';
import type { Plugin } from '../../ir/program.ts';
import type { Located } from '../../ir/source.ts';
import { configFields } from '../config-fields.ts';
import { groupBy } from '../group-by.ts';
import { backtracks } from '../pattern/backtracks.ts';
import { readPattern } from '../pattern/read-pattern.ts';
import type { Rule } from '../rule.ts';

/** No pattern lets a short text keep a server busy for ever. */
export const unsafePattern: Rule = {
  code: 'PLX4019',
  name: 'unsafe-pattern',
  severity: 'error',

  *check({ plugins }) {
    const verdicts = new Map<string, boolean>();
    const isUnsafe = (pattern: string) => {
      const known = verdicts.get(pattern);
      if (known !== undefined) return known;
      const verdict = readPattern(pattern).kind === 'valid' && backtracks(pattern);
      verdicts.set(pattern, verdict);
      return verdict;
    };
    for (const plugin of plugins) {
      for (const [pattern, [first, ...others]] of groupBy(patternsOf(plugin), ({ value }) => value)) {
        if (!isUnsafe(pattern)) continue;
        yield {
          at: first.span,
          message: `the pattern ${quote(pattern)} can take exponential time on some texts`,
          label: 'can backtrack without end',
          related: others.map(({ span }) => ({ at: span, label: 'used here too' })),
          notes: ['a part of it repeats in two ways on the same characters, as (a+)+ does'],
          help: 'let each repetition begin or end with a character that the repeated part cannot have',
        };
      }
    }
  },
};

function* patternsOf(plugin: Plugin): Generator<Located<string>> {
  for (const { node } of configFields(plugin)) {
    const pattern = nodeAt(node, ['validation', 'pattern']);
    if (pattern?.kind === 'scalar' && typeof pattern.value === 'string') {
      yield { value: pattern.value, span: pattern.span };
    }
  }
  for (const { parts } of plugin.writtenSchemas) {
    for (const { members } of parts) {
      const pattern = members.get('pattern')?.value;
      if (pattern?.kind === 'scalar' && typeof pattern.value === 'string') {
        yield { value: pattern.value, span: pattern.span };
      }
      const names = members.get('patternProperties')?.value;
      if (names?.kind === 'object') for (const { key } of names.members.values()) yield key;
    }
  }
}
