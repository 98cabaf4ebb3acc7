import { createHash } from 'node:crypto';
import type { Setup } from '../create-context.ts';
import type { Counts, SetupChange } from './reload-outcome.ts';
import { textOf } from './setting-text.ts';
import { changeableSettings } from './starting-settings.ts';

/** Settings that say where the others stand, and those that are counted by themselves. */
const NOT_NAMED: ReadonlySet<string> = new Set(['file', 'folder', 'upstreams']);

/**
 * What a reload changes, in counts.
 *
 * @param waiting names of settings that keep their old values
 */
export function changeBetween(before: Setup, after: Setup, waiting: readonly string[]): SetupChange {
  const present = changeableSettings(before.config);
  return {
    from: before.table.table.digest,
    to: after.table.table.digest,
    plugins: countsBetween(pluginsOf(before), pluginsOf(after)),
    routes: countsBetween(routesOf(before), routesOf(after)),
    upstreams: countsBetween(before.config.upstreams, after.config.upstreams),
    settings: [...changeableSettings(after.config)]
      .filter(([name, value]) => !NOT_NAMED.has(name) && textOf(value) !== textOf(present.get(name)))
      .map(([name]) => name),
    waiting,
  };
}

/**
 * The same for two setups that serve the same, whatever they started with: processes that share a port compare theirs.
 * It tells nothing of what is in them.
 */
export function fingerprintOf({ config, table }: Setup): string {
  const settings = textOf(changeableSettings(config));
  return createHash('sha256').update(`${table.table.digest} ${settings}`).digest('base64url');
}

function pluginsOf({ table }: Setup): ReadonlyMap<string, unknown> {
  return new Map(table.table.plugins.map((plugin) => [plugin.id, plugin]));
}

function routesOf({ table }: Setup): ReadonlyMap<string, unknown> {
  return new Map(
    table.table.plugins.flatMap(({ id, routes }) =>
      routes.map((route) => [`${route.method} ${id}${route.path}`, route] as const),
    ),
  );
}

function countsBetween(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): Counts {
  let [added, changed] = [0, 0];
  for (const [key, value] of after) {
    if (!before.has(key)) added += 1;
    else if (textOf(before.get(key)) !== textOf(value)) changed += 1;
  }
  return { added, changed, removed: before.size - (after.size - added) };
}
