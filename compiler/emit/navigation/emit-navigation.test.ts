import { describe, expect, it } from 'vitest';
import { matchGolden } from '../../testing/match-golden.ts';
import { programOf } from '../../testing/program-of.ts';
import { readWorkspace } from '../../testing/read-workspace.ts';
import { reversed } from '../../testing/reversed.ts';
import { emitNavigation } from './emit-navigation.ts';
import { DEFAULT_ORDER, navigation } from './navigation.ts';

const fixture = (name: string) => readWorkspace(new URL(`../fixtures/${name}/`, import.meta.url));

describe('emitNavigation', () => {
  it.each(['shop', 'hostile'])('prints the golden navigation of %s', async (name) => {
    await matchGolden(emitNavigation(programOf(fixture(name))), new URL(`golden/${name}/`, import.meta.url));
  });

  it('makes the same bytes of the same files in another order', () => {
    const files = fixture('shop');
    expect([...emitNavigation(programOf(reversed(files)))]).toEqual([...emitNavigation(programOf(files))]);
  });

  it('sorts the menu by order, then label by code unit, then plugin', () => {
    const menu = (id: string, items: readonly [string, number?][]) => ({
      id,
      name: id,
      version: '1.0.0',
      frontend: {
        menuItems: items.map(([label, order]) => ({
          label,
          path: '/',
          ...(order !== undefined && { order }),
        })),
      },
    });
    const program = programOf({
      'b/plugin.json': menu('b', [['same', 5], ['last', 2000], ['Ä', 5], ['without']]),
      'a/plugin.json': menu('a', [
        ['same', 5],
        ['Z', 5],
        ['first', -1.5],
      ]),
    });
    expect(navigation(program).menu.map(({ label, order, pluginId }) => [label, order, pluginId])).toEqual([
      ['first', -1.5, 'a'],
      ['Z', 5, 'a'],
      ['same', 5, 'a'],
      ['same', 5, 'b'],
      ['Ä', 5, 'b'],
      ['without', DEFAULT_ORDER, 'b'],
      ['last', 2000, 'b'],
    ]);
  });
});
