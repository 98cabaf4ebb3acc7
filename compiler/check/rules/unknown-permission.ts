import type { Finding } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { quote } from '../../diagnostics/quote.ts';
import type { Plugin } from '../../ir/program.ts';
import type { Located } from '../../ir/source.ts';
import { groupBy } from '../group-by.ts';
import type { Rule } from '../rule.ts';

/** An endpoint asks for permissions that its plugin declares. */
export const unknownPermission: Rule = {
  code: 'PLX3011',
  name: 'unknown-permission',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      const declared = new Set(plugin.permissions.map(({ name }) => name));
      const asked = groupBy(
        plugin.routes.flatMap(({ permissions }) => permissions),
        ({ value }) => value,
      );
      for (const [name, places] of asked) {
        if (!declared.has(name)) yield unknown(plugin, name, places);
      }
    }
  },
};

function unknown(
  plugin: Plugin,
  name: string,
  [first, ...others]: readonly [Located<string>, ...Located<string>[]],
): Finding {
  const similar = nearest(
    name,
    plugin.permissions.map((permission) => permission.name),
  );
  const meant = plugin.permissions.find((permission) => permission.name === similar);
  const [resource, action] = name.split(':');
  const isWellFormed = /^[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*$/.test(name);
  return {
    at: first.span,
    message: isWellFormed
      ? `plugin ${quote(plugin.id.value)} declares no permission ${quote(name)}`
      : `${quote(name)} names no permission of plugin ${quote(plugin.id.value)}`,
    label: isWellFormed ? 'not declared in "permissions"' : 'write it as "resource:action"',
    related: [
      ...others.map(({ span }) => ({ at: span, label: 'asked for here too' })),
      ...(meant === undefined ? [] : [{ at: meant.span, label: 'a similar permission is declared here' }]),
    ],
    help:
      meant !== undefined
        ? `change it to ${quote(meant.name)}`
        : isWellFormed
          ? `add { "resource": "${resource}", "action": "${action}" } to "permissions"`
          : 'write a permission that this plugin declares, such as "contacts:read"',
  };
}
