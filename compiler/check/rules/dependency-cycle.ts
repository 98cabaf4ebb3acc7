import { quote } from '../../diagnostics/quote.ts';
import type { Plugin, Program } from '../../ir/program.ts';
import type { Located } from '../../ir/source.ts';
import { type Arrow, findCycles } from '../find-cycles.ts';
import type { Rule } from '../rule.ts';

/** No plugin needs itself, through others or at once: none of a cycle could ever start. */
export const dependencyCycle: Rule = {
  code: 'PLX3009',
  name: 'dependency-cycle',
  severity: 'error',

  *check(program) {
    for (const cycle of findCycles([...needs(program)])) {
      const [first, ...others] = cycle;
      if (first === undefined) continue;
      const names = [...cycle.map(({ from }) => from), first.from].join(' → ');
      const alone = others.length === 0;
      yield {
        at: first.origin.span,
        message: alone
          ? `plugin ${quote(first.from)} depends on itself`
          : `plugins need each other in a cycle: ${names}`,
        label: `${first.from} needs ${first.to} here`,
        related: others.map(({ from, to, origin }) => ({
          at: origin.span,
          label: `${from} needs ${to} here`,
        })),
        help: alone
          ? 'remove the dependency: a plugin reaches its own code without the gateway'
          : 'make one of them optional ("required": false), or let one publish an event to which the other subscribes',
      };
    }
  },
};

/** Required dependencies; an optional one breaks a cycle, unless it is on the plugin itself. */
function* needs({ plugins }: Program): Generator<Arrow<Located<string>>> {
  for (const caller of plugins) {
    for (const { required, pluginId, plugin } of caller.edges) {
      if (counts(required, plugin, caller))
        yield { from: caller.id.value, to: pluginId.value, origin: pluginId };
    }
    for (const { required, id, plugin } of caller.pluginDependencies) {
      if (counts(required, plugin, caller)) yield { from: caller.id.value, to: id.value, origin: id };
    }
  }
}

function counts(required: boolean, plugin: Plugin | undefined, caller: Plugin): boolean {
  return plugin !== undefined && (required || plugin.id.value === caller.id.value);
}
