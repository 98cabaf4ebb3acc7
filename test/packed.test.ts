import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packages } from '../scripts/packages.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

/** As on a stranger's machine: the right Node.js, and nothing of this repository. */
const { NODE_OPTIONS: _, ...inherited } = process.env;
const environment = { ...inherited, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };

const MANIFEST = {
  id: 'plugin-notes',
  name: 'Notes',
  version: '1.0.0',
  backend: { endpoints: [{ method: 'GET', path: '/notes', description: 'List notes.', auth: false }] },
};

describe('the packed packages, installed in an empty folder', { timeout: 180_000 }, () => {
  let folder: string;
  let upstream: Server;
  let gateway: ChildProcess | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plexica-packed-'));
    upstream = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify(request.url === '/health' ? { status: 'ok' } : { success: true, data: [] }),
      );
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');

    for (const source of packages) {
      await run('npm', ['pack', '--silent', '--pack-destination', folder], {
        cwd: join(ROOT, source),
        env: environment,
      });
    }
    const tarballs = (await readdir(folder)).map((name) => `./${name}`);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs], {
      cwd: folder,
      env: environment,
    });
    const { port } = upstream.address() as AddressInfo; // an address of a TCP server that listens is never a string
    await writeFile(
      join(folder, 'plexica.yaml'),
      [
        "plugins: ['plugins/*/plugin.json']",
        'gateway: { port: 0 }',
        `upstreams: { plugin-notes: { urls: ['http://127.0.0.1:${port}'] } }`,
        'health: { interval: 100ms }',
        '',
      ].join('\n'),
    );
    await mkdir(join(folder, 'plugins/notes'), { recursive: true });
    await writeFile(join(folder, 'plugins/notes/plugin.json'), JSON.stringify(MANIFEST, null, 2));
  }, 180_000);

  afterAll(async () => {
    if (gateway?.pid !== undefined && gateway.exitCode === null) {
      const closed = once(gateway, 'close');
      process.kill(-gateway.pid, 'SIGTERM'); // its whole group, as Ctrl-C does: npx passes no signal on
      await closed;
    }
    upstream.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('npx plexica build compiles', async () => {
    const { stdout } = await run('npx', ['--no-install', 'plexica', 'build'], {
      cwd: folder,
      env: environment,
    });
    const table = JSON.parse(await readFile(join(folder, 'generated/routes.json'), 'utf8'));

    expect(stdout).toContain('1 plugin');
    expect(table.plugins.map(({ id }: { id: string }) => id)).toEqual(['plugin-notes']);
  });

  it('npx plexica explain finds its pages', async () => {
    const { stdout } = await run('npx', ['--no-install', 'plexica', 'explain', 'PLX4001'], {
      cwd: folder,
      env: environment,
    });

    expect(stdout).toContain('PLX4001');
  });

  it('npx plexica start serves', async () => {
    gateway = spawn('npx', ['--no-install', 'plexica', 'start'], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const address = await firstMatch(gateway, /http:\/\/127\.0\.0\.1:\d+/);
    const ready = await fetchUntil(`${address}/api/plugin-gateway/ready`, (response) => response.ok);
    const notes = await fetch(`${address}/api/plugin-gateway/plugin-notes/notes`);

    expect(ready.status).toBe(200);
    expect(notes.status).toBe(200);
    expect(await notes.json()).toEqual({ success: true, data: [] });
  });

  it('the gateway’s package pulls in nothing of the compiler', async () => {
    const own = JSON.parse(
      await readFile(join(folder, 'node_modules/@plexica/gateway/package.json'), 'utf8'),
    );

    expect(Object.keys(own.dependencies)).not.toContain('@plexica/compiler');
    expect(Object.keys(own.dependencies)).toContain('@plexica/types');
  });
});

/** The first match in what a process prints. Rejects where it ends before. */
async function firstMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of child.stderr ?? []) {
    text += chunk;
    const match = pattern.exec(text);
    if (match !== null) return match[0];
  }
  throw new Error(`it ended before it printed ${pattern}: ${text}`);
}

async function fetchUntil(url: string, accept: (response: Response) => boolean): Promise<Response> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const response = await fetch(url);
    if (accept(response)) return response;
    await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} never gave the answer that was waited for`);
}
