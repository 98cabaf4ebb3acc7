import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { matchGolden } from '../../testing/match-golden.ts';
import { programOf } from '../../testing/program-of.ts';
import { readWorkspace } from '../../testing/read-workspace.ts';
import { reversed } from '../../testing/reversed.ts';
import { emitOpenApi } from './emit-openapi.ts';

const REPOSITORY = new URL('../../../', import.meta.url);
const fixture = (name: string) => readWorkspace(new URL(`../fixtures/${name}/`, import.meta.url));

describe('emitOpenApi', () => {
  it.each(['shop', 'hostile'])('prints the golden documents of %s', async (name) => {
    await matchGolden(emitOpenApi(programOf(fixture(name))), new URL(`golden/${name}/`, import.meta.url));
  });

  it('makes the same bytes of the same files, in another order and once more', () => {
    const files = fixture('shop');
    const program = programOf(files);
    const first = [...emitOpenApi(program)];
    expect([...emitOpenApi(program)]).toEqual(first);
    expect([...emitOpenApi(programOf(reversed(files)))]).toEqual(first);
  });

  it.each([
    ['the repository', readWorkspace(REPOSITORY)],
    ['shop', fixture('shop')],
    ['hostile', fixture('hostile')],
  ])('says the same in JSON and in YAML for %s', (_, workspace) => {
    const files = new Map([...emitOpenApi(programOf(workspace))].map(({ path, text }) => [path, text]));
    const names = [...files.keys()].filter((path) => path.endsWith('.json'));
    expect(names.length * 2).toBe(files.size);
    for (const name of names) {
      const yaml = parse(files.get(name.replace(/json$/, 'yaml')) ?? '');
      expect(yaml).toEqual(JSON.parse(files.get(name) ?? ''));
    }
  });

  it('makes documents of plugins with endpoints for users, and a merged one', () => {
    const paths = [...emitOpenApi(programOf(fixture('shop')))].map(({ path }) => path);
    expect(paths.filter((path) => path.endsWith('.json'))).toEqual([
      'openapi/gateway.json',
      'openapi/plugin-catalog.json',
      'openapi/plugin-orders.json',
    ]);
  });
});
