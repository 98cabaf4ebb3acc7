import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { listFindings } from './testing/list-findings.ts';
import { memoryHost } from './testing/memory-host.ts';

const CONFIG = 'plugins: ["plugins/*/plugin.json"]\nupstreams: { plugin-a: {}, plugin-b: {} }\n';
const A = manifest('plugin-a', {
  api: {
    services: [{ name: 'a.things', version: '1.0.0', endpoints: [{ method: 'GET', path: '/things' }] }],
  },
});
const B = manifest('plugin-b', {
  api: { dependencies: [{ pluginId: 'plugin-a', serviceName: 'a.things', version: '^1.0.0' }] },
});

describe('compile', () => {
  it('makes files, in the order of their paths', async () => {
    const { files, diagnostics, plugins, outFolder } = await compileFiles({
      'plugins/a/plugin.json': A,
      'plugins/b/plugin.json': B,
    });

    expect(diagnostics.filter(({ kind }) => kind.severity === 'error')).toEqual([]);
    expect(plugins).toBe(2);
    expect(outFolder).toBe('/workspace/generated');
    expect(files.map(({ path }) => path)).toEqual(files.map(({ path }) => path).sort());
    expect(files.map(({ path }) => path)).toContain('routes.json');
  });

  it('makes the same bytes in whatever order and folder it finds its files', async () => {
    const globs = ['plugins/a/*', 'plugins/b/*', 'plugins/*/plugin.json'];
    const build = async (order: readonly string[], folder: string) => {
      const config = `plugins: [${order.map((glob) => `"${glob}"`).join()}]\n`;
      const { files } = await compileFiles(
        {
          [`${folder}plexica.yaml`]: config,
          [`${folder}plugins/a/plugin.json`]: A,
          [`${folder}plugins/b/plugin.json`]: B,
        },
        `${folder}plexica.yaml`,
      );
      return files;
    };
    const usual = await build(globs, '');

    expect(usual.length).toBeGreaterThan(0);
    expect(await build(globs.toReversed(), '')).toEqual(usual);
    expect(await build(globs, 'deep/er/')).toEqual(usual);
    expect(await build(globs, '../beside/')).toEqual(usual);
  });

  it('finds every mistake at once and makes no files', async () => {
    const { diagnostics, files, plugins } = await compileFiles({
      'plugins/a/plugin.json': '{"id": "plugin-a", "name": "A" "version": "1.0.0"}',
      'plugins/b/plugin.json': B.replace('"^1.0.0"', '"banana"').replace('"name"', '"nmae"'),
      'plugins/c/plugin.json': manifest('plugin-c', { schemas: { X: { $ref: '../x.json' } } }),
      'plugins/d/plugin.json': manifest('plugin-d', {
        api: { dependencies: [{ pluginId: 'plugin-e', version: '1' }] },
      }),
    });

    expect(listFindings(diagnostics)).toEqual([
      'PLX1101 1:32 "version": a comma is missing before "version"',
      expect.stringContaining('"nmae" is not a key of the manifest'),
      expect.stringContaining('the schema file "../x.json" leads out of the folder of its plugin'),
      expect.stringContaining('plugin-e'),
    ]);
    expect(files).toEqual([]);
    expect(plugins).toBe(4);
  });

  it('does not call a plugin missing whose manifest is broken', async () => {
    for (const broken of [A.slice(0, -3), A.replace('"1.0.0"', '1'), `${A}x`]) {
      const { diagnostics } = await compileFiles({
        'plugins/a/plugin.json': broken,
        'plugins/b/plugin.json': B,
      });
      expect(diagnostics.map(({ at }) => at.file.path)).toEqual(['plugins/a/plugin.json']);
    }
  });

  it('reads schema files, and those that they name, once', async () => {
    const { diagnostics, program } = await compileFiles({
      'plexica.yaml': 'plugins: ["plugins/*/plugin.json"]\n',
      'plugins/a/plugin.json': manifest('plugin-a', {
        schemas: { X: { $ref: './schemas/x.json' }, Y: { $ref: './schemas/x.json' } },
      }),
      'plugins/a/schemas/x.json': '{"type": "object", "properties": {"y": {"$ref": "./schemas/y.json"}}}',
      'plugins/a/schemas/y.json': '{"type": "string", }',
    });

    expect(listFindings(diagnostics)).toEqual(['PLX1105 1:18 ,: JSON allows no comma before "}"']);
    expect([...(program?.plugins[0]?.manifest.schemaFiles.keys() ?? [])]).toEqual([
      './schemas/x.json',
      './schemas/y.json',
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['no plexica.yaml', { 'plexica.yaml': '' }, 'PLX1110 1:1 : the file is empty'],
    ['globs without a match', {}, 'PLX1003 1:10 ["plugins/*/plugin.json"]: no manifest is found'],
    [
      'one glob without a match',
      {
        'plexica.yaml': 'plugins: [plugins/a/plugin.json, other/*.json, "!plugins/b/*"]\n',
        'plugins/a/plugin.json': manifest('plugin-a', {}),
      },
      'PLX1004 1:34 other/*.json: "other/*.json" matches no file',
    ],
  ])('tells of %s', async (_, files, finding) => {
    expect(listFindings((await compileFiles(files)).diagnostics)).toEqual([finding]);
  });

  it('tells of a workspace file that is not there', async () => {
    const missing = async (config?: string) =>
      (await compile(memoryHost(), config === undefined ? {} : { config })).diagnostics.map(
        ({ message }) => message,
      );

    expect(await missing()).toEqual(['there is no plexica.yaml in this folder']);
    expect(await missing('deploy/x.yaml')).toEqual(['deploy/x.yaml does not exist']);
  });

  it.each([
    ['a hundred thousand equal keys', `{"id": "plugin-a", ${'"a":1,'.repeat(100_000)} "b": 1}`],
    [
      'many wrong entries',
      `{"id": "plugin-a", "config": [${Array(30)
        .fill(`{"options": [${'5,'.repeat(9_999)}5]}`)
        .join()}]}`,
    ],
    ['a hundred thousand levels', `{"id": "plugin-a", "a": ${'['.repeat(900_000)}`],
    ['a hundred thousand refs', `{"id": "plugin-a", "a": [${'{"$ref":"../x"},'.repeat(60_000)} 1]}`],
    ['a long string', `{"id": "${'a'.repeat(1_000_000)}"}`],
  ])('is soon done with %s', async (_, text) => {
    const { diagnostics } = await compileFiles({ 'plugins/a/plugin.json': text, 'plugins/b/plugin.json': B });

    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.length).toBeLessThanOrEqual(101);
  });

  it('never throws, whatever bytes a manifest holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 60 }),
        fc.nat(A.length),
        fc.nat(20),
        async (noise, at, cut) => {
          const bytes = new TextEncoder().encode(A);
          const spoilt = Uint8Array.from([...bytes.subarray(0, at), ...noise, ...bytes.subarray(at + cut)]);
          const { diagnostics } = await compileFiles({
            'plugins/a/plugin.json': spoilt,
            'plugins/b/plugin.json': B,
          });
          for (const { message } of diagnostics) expect(message).not.toBe('');
        },
      ),
      { numRuns: 200 },
    );
  });
});

function manifest(id: string, rest: object): string {
  return JSON.stringify({ id, name: 'A plugin', version: '1.0.0', ...rest });
}

function compileFiles(files: Readonly<Record<string, string | Uint8Array>>, config = 'plexica.yaml') {
  return compile(memoryHost({ files: { [config]: CONFIG, ...files } }), { config });
}
