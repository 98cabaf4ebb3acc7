import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, diskHost } from '@plexica/compiler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WORKSPACES = {
  plugins: ROOT,
  shop: join(ROOT, 'compiler/emit/fixtures/shop'),
  hostile: join(ROOT, 'compiler/emit/fixtures/hostile'),
};

describe('the OpenAPI documents', () => {
  let folder: string;
  /** Relative to the folder. */
  const documents: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plexica-lint-'));
    await writeFile(join(folder, '.spectral.yaml'), 'extends: ["spectral:oas"]\n');
    for (const [name, workspace] of Object.entries(WORKSPACES)) {
      const { files, diagnostics } = await compile(diskHost(workspace, {}));
      const errors = diagnostics.filter(({ kind }) => kind.severity === 'error');
      expect(errors.map(({ message }) => message)).toEqual([]);
      for (const { path, text } of files) {
        if (!path.startsWith('openapi/')) continue;
        const document = `${name}/${path}`;
        await mkdir(dirname(join(folder, document)), { recursive: true });
        await writeFile(join(folder, document), text);
        documents.push(document);
      }
    }
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('are those of every plugin with endpoints for users, and the merged ones', () => {
    expect(documents.filter((path) => path.endsWith('.json'))).toEqual([
      'plugins/openapi/gateway.json',
      'plugins/openapi/plugin-analytics.json',
      'plugins/openapi/plugin-crm.json',
      'plugins/openapi/sample-analytics.json',
      'shop/openapi/gateway.json',
      'shop/openapi/plugin-catalog.json',
      'shop/openapi/plugin-orders.json',
      'hostile/openapi/end.json',
      'hostile/openapi/gateway.json',
      'hostile/openapi/plugin-hostile.json',
    ]);
  });

  it("are valid by Redocly's recommended rules", async () => {
    const { output, status } = await redocly(documents);
    const clean = { problems: [], totals: { errors: 0, warnings: 0, ignored: 0 } };
    expect(reportsOf(output)).toMatchObject(documents.map(() => clean));
    expect(status).toBe(0);
  });

  it("are valid by Spectral's rules for OpenAPI", async () => {
    const { output, status } = await spectral(documents);
    expect(JSON.parse(output)).toEqual([]);
    expect(status).toBe(0);
  });

  it('would be told apart from a document that breaks the rules', async () => {
    const broken = {
      openapi: '3.1.1',
      info: { title: 'x', version: '1' },
      paths: { '/x/{id}': { get: {} } },
    };
    await writeFile(join(folder, 'broken.json'), JSON.stringify(broken));
    const [byRedocly, bySpectral] = await Promise.all([redocly(['broken.json']), spectral(['broken.json'])]);
    expect(byRedocly.status).not.toBe(0);
    expect(reportsOf(byRedocly.output)).not.toMatchObject([{ problems: [] }]);
    expect(bySpectral.status).not.toBe(0);
    expect(JSON.parse(bySpectral.output).length).toBeGreaterThan(0);
  });

  const redocly = (paths: readonly string[]) =>
    run('redocly', ['lint', '--extends=recommended', '--format=json', ...paths]);
  const spectral = (paths: readonly string[]) =>
    run('spectral', [
      'lint',
      '--ruleset=.spectral.yaml',
      '--fail-severity=hint',
      '--format=json',
      '--quiet',
      ...paths,
    ]);

  /** Runs a linter of the repository in the folder, offline: it neither reports on us nor looks for a newer version. */
  async function run(
    tool: string,
    args: readonly string[],
  ): Promise<{ output: string; status: number | null }> {
    return await new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [join(ROOT, 'node_modules/.bin', tool), ...args],
        {
          cwd: folder,
          env: {
            PATH: process.env.PATH,
            NODE_NO_WARNINGS: '1',
            NO_COLOR: '1',
            REDOCLY_TELEMETRY: 'off',
            REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
          },
          maxBuffer: 64 * 1024 * 1024,
        },
        (_, output) => resolve({ output, status: child.exitCode }),
      );
    });
  }
});

/** Redocly prints one report after the other, for each document. */
function reportsOf(output: string): unknown[] {
  return output.split(/(?<=^\})\s*(?=\{)/m).map((report): unknown => JSON.parse(report));
}
