import type { Finding } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/quote.ts';
import type { Service } from '../../ir/program.ts';
import { groupBy } from '../group-by.ts';
import { type NameClaim, nameClaims } from '../name-claims.ts';
import type { Rule } from '../rule.ts';

/** Every name in generated code belongs to one thing; nothing is renamed in silence. */
export const identifierCollision: Rule = {
  code: 'PLX4016',
  name: 'identifier-collision',
  severity: 'error',

  *check(program) {
    const claims = groupBy(nameClaims(program), ({ scope, name }) => `${scope}\n${name}`);
    const told = new Set<string>();
    for (const [first, ...others] of claims.values()) {
      if (first.reserved.has(first.name)) yield reserved(first);
      for (const other of others) {
        // Two things may meet in several scopes: one cause.
        const pair = `${first.origin}\n${other.origin}`;
        if (other.origin === first.origin || told.has(pair)) continue;
        told.add(pair);
        yield collision(first, other);
      }
    }
    yield* nested(program.services);
  },
};

function reserved({ at, claimant, name, help }: NameClaim): Finding {
  return {
    at,
    message: `${claimant()} would be ${quote(name)} in generated code, which has that name for something else`,
    label: `becomes ${quote(name)}`,
    help,
  };
}

function collision(first: NameClaim, other: NameClaim): Finding {
  return {
    at: other.at,
    message: `${first.claimant()} and ${other.claimant()} would both be ${quote(other.name)} in generated code`,
    label: `becomes ${quote(other.name)} too`,
    related: [{ at: first.at, label: `becomes ${quote(other.name)}` }],
    help: other.help,
  };
}

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
