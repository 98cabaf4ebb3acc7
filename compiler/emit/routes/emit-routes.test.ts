import { digestOf, isRouteTable, type RouteTable } from '@plexica/types';
import { describe, expect, it } from 'vitest';
import { matchGolden } from '../../testing/match-golden.ts';
import { programOf, type WorkspaceFiles } from '../../testing/program-of.ts';
import { readWorkspace } from '../../testing/read-workspace.ts';
import { reversed } from '../../testing/reversed.ts';
import { emitRoutes } from './emit-routes.ts';

const REPOSITORY = new URL('../../../', import.meta.url);
const fixture = (name: string) => readWorkspace(new URL(`../fixtures/${name}/`, import.meta.url));

describe('emitRoutes', () => {
  it.each(['shop', 'hostile'])('prints the golden table of %s', async (name) => {
    await matchGolden(emitRoutes(programOf(fixture(name))), new URL(`golden/${name}/`, import.meta.url));
  });

  it.each([
    ['the repository', readWorkspace(REPOSITORY)],
    ['shop', fixture('shop')],
    ['hostile', fixture('hostile')],
  ])('makes a table of %s that the gateway accepts', (_, files) => {
    const { digest, ...content } = tableOf(files);
    expect(digest).toBe(digestOf(content));
    expect(content.plugins.map(({ id }) => id)).toEqual(content.plugins.map(({ id }) => id).sort());
  });

  it('makes the same bytes of the same files in another order', () => {
    const files = fixture('shop');
    expect([...emitRoutes(programOf(reversed(files)))]).toEqual([...emitRoutes(programOf(files))]);
  });

  it('gives service, edge and table another digest when a contract changes', () => {
    const before = fixture('shop');
    const after = Object.fromEntries(
      Object.entries(before).map(([path, text]) => [
        path,
        String(text).replace('"minLength": 1', '"minLength": 2'),
      ]),
    );
    const digests = (files: WorkspaceFiles) => [
      tableOf(files).digest,
      pluginOf(files, 'plugin-catalog').services[0]?.contract,
      pluginOf(files, 'plugin-orders').edges[0]?.contract,
    ];
    const [table, service, edge] = digests(after);
    expect(edge).toBe(service);
    expect(digests(before)).not.toContain(table);
    expect(digests(before)).not.toContain(service);
  });

  it('tells an edge with the endpoints that it lists, in the words of the plugin that serves them', () => {
    const [contacts, deals] = pluginOf(readWorkspace(REPOSITORY), 'plugin-analytics').edges;
    expect(contacts).toMatchObject({
      plugin: 'plugin-crm',
      service: 'crm.contacts',
      endpoints: ['GET /contacts'],
    });
    expect(deals).toMatchObject({ service: 'crm.deals', required: true });
  });

  it('has no edge to a plugin that is not in the workspace', () => {
    const { edges } = pluginOf(fixture('shop'), 'plugin-orders');
    expect(edges.map(({ service }) => service)).toEqual(['catalog.products', 'catalog.import']);
  });

  it('lists once each what a plugin cannot work without', () => {
    const dependency = { pluginId: 'plugin-b', version: '^1.0.0' };
    const files = {
      'a/plugin.json': {
        id: 'plugin-a',
        name: 'A',
        version: '1.0.0',
        api: {
          dependencies: [
            { ...dependency, serviceName: 'b.two', required: true },
            { ...dependency, serviceName: 'b.one', required: true },
          ],
        },
        dependencies: { required: ['plugin-b', 'plugin-0'], optional: ['plugin-c'] },
      },
    };
    expect(pluginOf(files, 'plugin-a').requires).toEqual(['plugin-0', 'plugin-b']);
  });

  it('holds no address, whatever plexica.yaml says', () => {
    const workspace = (url: string) => ({ plugins: ['*'], upstreams: { 'plugin-catalog': { urls: [url] } } });
    const [here] = emitRoutes(programOf(fixture('shop'), { workspace: workspace('http://10.1.2.3:3100') }));
    const [there] = emitRoutes(
      programOf(fixture('shop'), { workspace: workspace('http://catalog.internal') }),
    );
    expect(here?.text).not.toContain('10.1.2.3');
    expect(here).toEqual(there);
  });

  it('checks the health of plugins with a backend alone', () => {
    const { plugins } = tableOf(fixture('shop'));
    expect(plugins.map(({ id, healthPath }) => [id, healthPath])).toEqual([
      ['plugin-catalog', '/health'],
      ['plugin-orders', '/health'],
      ['shop-banner', null],
    ]);
  });
});

function tableOf(files: WorkspaceFiles): RouteTable {
  const [file, ...others] = emitRoutes(programOf(files));
  expect(others).toEqual([]);
  const table: unknown = JSON.parse(file?.text ?? '');
  if (!isRouteTable(table)) throw new Error('this is no route table');
  return table;
}

function pluginOf(files: WorkspaceFiles, id: string): RouteTable['plugins'][number] {
  const plugin = tableOf(files).plugins.find((each) => each.id === id);
  if (plugin === undefined) throw new Error(`the table has no ${id}`);
  return plugin;
}
