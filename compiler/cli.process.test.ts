import { once } from 'node:events';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPlexica, startPlexica } from './testing/run-plexica.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const CONFIG = `plugins: [plugins/*/plugin.json]
upstreams:
  plugin-a: { urls: ["http://127.0.0.1:1"] }
  plugin-b: { urls: ["http://127.0.0.1:2"] }
`;
const A = {
  id: 'plugin-a',
  name: 'A',
  version: '1.0.0',
  backend: { endpoints: [{ method: 'GET', path: '/things' }] },
  api: {
    services: [{ name: 'a.things', version: '1.0.0', endpoints: [{ method: 'GET', path: '/things' }] }],
  },
};
const B = {
  id: 'plugin-b',
  name: 'B',
  version: '1.0.0',
  backend: { endpoints: [{ method: 'GET', path: '/others' }] },
};
const WORKSPACE = { 'plexica.yaml': CONFIG, 'plugins/a/plugin.json': A, 'plugins/b/plugin.json': B };

describe('plexica', () => {
  it('builds, finds its output current, and finds drift', async () => {
    const folder = await temporaryFolder(WORKSPACE);

    expect(await runPlexica(folder, ['build'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^no findings in 2 plugins\ngenerated: \d+ files written, 0 unchanged\n$/,
      ),
      stderr: '',
    });
    expect(await runPlexica(folder, ['build', '--check'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\ngenerated is current: \d+ files\n$/),
    });

    await writeFile(join(folder, 'generated/graph.mmd'), 'edited');
    const drift = await runPlexica(folder, ['build', '--check']);
    expect(drift.code).toBe(1);
    expect(drift.stdout).toContain(
      'error[PLX1202] stale-output: generated/graph.mmd is not what the manifests say',
    );
    expect(drift.stdout).toContain('= help: run `plexica build`');
    expect(await readFile(join(folder, 'generated/graph.mmd'), 'utf8')).toBe('edited');
  });

  it('removes the files of a plugin that is gone, and touches no other', async () => {
    const folder = await temporaryFolder(WORKSPACE);
    await runPlexica(folder, ['build']);
    const before = await readdir(join(folder, 'generated'), { recursive: true });
    const { mtimeMs } = await stat(join(folder, 'generated/openapi/plugin-a.json'));
    await writeFile(join(folder, 'generated/notes.txt'), 'mine');
    await rm(join(folder, 'plugins/b'), { recursive: true });
    await writeFile(join(folder, 'plexica.yaml'), CONFIG.replace(/^ {2}plugin-b.*\n/m, ''));

    expect((await runPlexica(folder, ['build'])).stdout).toMatch(/\d+ removed\n$/);
    const after = await readdir(join(folder, 'generated'), { recursive: true });
    expect(before.some((path) => path.includes('plugin-b'))).toBe(true);
    expect(after.some((path) => path.includes('plugin-b'))).toBe(false);
    expect(after).toContain('notes.txt');
    expect((await stat(join(folder, 'generated/openapi/plugin-a.json'))).mtimeMs).toBe(mtimeMs);
  });

  it('writes nothing at all where there is an error', async () => {
    const folder = await temporaryFolder(WORKSPACE);
    await runPlexica(folder, ['build']);
    const before = await contents(join(folder, 'generated'));
    await writeFile(
      join(folder, 'plugins/a/plugin.json'),
      JSON.stringify({ ...A, name: 'New', version: 'banana' }),
    );

    expect((await runPlexica(folder, ['build'])).code).toBe(1);
    expect(await contents(join(folder, 'generated'))).toEqual(before);
  });

  it('tells ten mistakes in four files at once, in order', async () => {
    const folder = await temporaryFolder({
      'plexica.yaml': 'plugins: ["plugins/*/plugin.json"]\nhealth: { interval: 5 s }\n',
      'plugins/a/plugin.json':
        '{\n  "id": "plugin-a",\n  "name": "A",\n  "name": "B",\n  "version": "banana",\n  "colour": "red",\n}\n',
      'plugins/b/plugin.json': { id: 'Plugin B', version: 1, permissions: [{ resource: 'things' }] },
      'plugins/c/plugin.json': '{ "id": "plugin-c" "name": "C" }',
    });
    const { code, stdout } = await runPlexica(folder, ['check', '--format', 'json']);
    const report = JSON.parse(stdout);

    expect(code).toBe(1);
    expect(
      report.diagnostics.map((each: Record<string, unknown>) => `${each.file}:${each.line} ${each.name}`),
    ).toEqual([
      'plexica.yaml:2 malformed-value',
      'plugins/a/plugin.json:4 duplicate-key',
      'plugins/a/plugin.json:5 invalid-version',
      'plugins/a/plugin.json:6 unknown-key',
      'plugins/a/plugin.json:6 trailing-comma',
      'plugins/b/plugin.json:1 missing-key',
      'plugins/b/plugin.json:2 malformed-value',
      'plugins/b/plugin.json:3 wrong-type',
      'plugins/b/plugin.json:5 missing-key',
      'plugins/c/plugin.json:1 malformed-json',
    ]);
    expect(report.summary).toEqual({ plugins: 3, errors: 10, warnings: 0 });
  });

  it('takes another workspace file, and says paths from where it is called', async () => {
    const folder = await temporaryFolder({ ...WORKSPACE, 'plugins/a/plugin.json': { ...A, version: 'x' } });
    const { code, stdout } = await runPlexica(join(folder, 'plugins'), [
      'check',
      '--config',
      '../plexica.yaml',
    ]);

    expect(code).toBe(1);
    expect(stdout).toContain('--> a/plugin.json:4:14');
  });

  it('has a finding where there is no workspace file', async () => {
    const folder = await temporaryFolder();

    expect(await runPlexica(folder, ['check'])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(
        'error[PLX1001] no-workspace-file: there is no plexica.yaml in this folder',
      ),
    });
  });

  it('colours when forced to, and not into a pipe', async () => {
    const folder = await temporaryFolder();

    expect((await runPlexica(folder, ['check'])).stdout).not.toContain('\u001b');
    expect((await runPlexica(folder, ['check'], { FORCE_COLOR: '1' })).stdout).toContain('\u001b[');
  });

  it('prints a graph in two languages', async () => {
    const folder = await temporaryFolder(WORKSPACE);

    expect((await runPlexica(folder, ['graph'])).stdout).toContain('flowchart');
    expect((await runPlexica(folder, ['graph', '--format', 'dot'])).stdout).toContain('digraph');
  });

  it('does not mind a reader that goes away', async () => {
    const child = startPlexica(await temporaryFolder(), ['explain']);
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });

    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stderr).toBe('');
  });
});

describe('plexica start', () => {
  const GATEWAY = {
    'node_modules/@plexica/gateway/package.json': {
      name: '@plexica/gateway',
      version: '1.0.0',
      bin: { 'plexica-gateway': 'bin.js' },
    },
  };

  it('runs the gateway of the folder with the same arguments, and ends as it does', async () => {
    const folder = await temporaryFolder({
      ...GATEWAY,
      'node_modules/@plexica/gateway/bin.js':
        'console.log(process.argv.slice(2).join()); process.exitCode = 3;',
    });

    expect(await runPlexica(folder, ['start', '--port', '0', '--help'])).toEqual({
      code: 3,
      stdout: 'start,--port,0,--help\n',
      stderr: '',
    });
    expect((await runPlexica(folder, ['token', '--plugin', 'a'])).stdout).toBe('token,--plugin,a\n');
    expect((await runPlexica(folder, ['keys', 'rotate'])).stdout).toBe('keys,rotate\n');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('passes %s on and waits', async (signal) => {
    const folder = await temporaryFolder({
      ...GATEWAY,
      'node_modules/@plexica/gateway/bin.js': `
        const alive = setInterval(() => {}, 1000);
        process.on('${signal}', () => { console.log('closing'); clearInterval(alive); process.exitCode = 4; });
        console.log('ready');`,
    });
    const child = startPlexica(folder, ['start']);
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout === '') child.kill(signal);
      stdout += text;
    });

    expect(await once(child, 'close')).toEqual([4, null]);
    expect(stdout).toBe('ready\nclosing\n');
  });

  it('reports a gateway that a signal killed', async () => {
    const folder = await temporaryFolder({
      ...GATEWAY,
      'node_modules/@plexica/gateway/bin.js': "process.kill(process.pid, 'SIGKILL');",
    });

    expect((await runPlexica(folder, ['start'])).code).toBe(137);
  });
});

async function contents(folder: string): Promise<Readonly<Record<string, string>>> {
  const paths = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = paths.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)),
  );
}
