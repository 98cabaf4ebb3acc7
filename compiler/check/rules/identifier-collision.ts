import type { Finding } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/quote.ts';
import type { Service } from '../../ir/program.ts';
import { groupBy } from '../group-by.ts';
import { nameClaims } from '../name-claims.ts';
import type { Rule } from '../rule.ts';

/** Every name in generated code belongs to one thing; nothing is renamed in silence. */
export const identifierCollision: Rule = {
  code: 'PLX4016',
  name: 'identifier-collision',
  severity: 'error',

  *check(program) {
    const claims = groupBy(nameClaims(program), ({ scope, name }) => `${scope}\n${name}`);
    for (const [first, ...others] of claims.values()) {
      const { name, role, claimant, reserved, reason } = first;
      if (reserved?.has(name)) {
        yield {
          at: first.at,
          message: `${role} of ${claimant} cannot be called ${quote(name)}, which is ${reason}`,
          label: `becomes ${quote(name)} in generated code`,
          help: first.help.replace('one of the plugins', 'the plugin'),
        };
      }
      const told = new Set([first.origin]);
      for (const other of others) {
        if (told.has(other.origin)) continue;
        told.add(other.origin);
        yield {
          at: other.at,
          message: `${claimant} and ${other.claimant} would both be ${quote(name)} in generated code`,
          label: `${role} ${quote(name)} again`,
          related: [{ at: first.at, label: `${role} ${quote(name)} first` }],
          help: other.help,
        };
      }
    }
    yield* nested(program.services);
  },
};

/** The client of `crm` cannot hold the client of `crm.contacts` among its methods. */
function* nested(services: readonly Service[]): Generator<Finding> {
  const byPath = groupBy(services, ({ propertyPath }) => propertyPath.join('.'));
  for (const [inner] of byPath.values()) {
    for (let length = 1; length < inner.propertyPath.length; length += 1) {
      const outer = byPath.get(inner.propertyPath.slice(0, length).join('.'))?.[0];
      if (outer === undefined) continue;
      yield {
        at: inner.name.span,
        message: `service ${quote(inner.name.value)} would be a member of the client of service ${quote(outer.name.value)}`,
        label: `${quote(outer.name.value)} is a service already`,
        related: [{ at: outer.name.span, label: 'declared here' }],
        help: 'change the name of one of the two so that neither begins with the other',
      };
    }
  }
}
