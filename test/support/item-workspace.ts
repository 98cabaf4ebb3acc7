import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Workspace } from '@plexica/types';
import { type ProgramOptions, REPOSITORY, type RunningProgram, startProgram } from './run-program.ts';

const run = promisify(execFile);

/** A compiled workspace of plugins that keep items, and what it takes to run it as processes. */
export interface ItemWorkspace {
  readonly folder: string;
  /** Compiles another version of the manifests; the gateway serves it after a reload. */
  build(revision: number): Promise<void>;
  startGateway(args?: readonly string[], options?: ProgramOptions): Promise<RunningGateway>;
  /** Resolves once the instance is registered. */
  startInstance(gatewayUrl: string, environment?: Readonly<Record<string, string>>): Promise<RunningProgram>;
  /** A token of a user who may everything; `admin` adds the gateway's own permissions. */
  token(rest?: readonly string[]): Promise<string>;
  /** The same, compiled and with the same keys, in a folder of its own. */
  copy(settings?: ItemSettings): Promise<ItemWorkspace>;
  remove(): Promise<void>;
}

export interface RunningGateway extends RunningProgram {
  readonly url: string;
  readonly api: string;
}

/** Of plexica.yaml, instead of what it says without them. */
export type ItemSettings = Omit<Partial<Workspace>, 'plugins'>;

/** @param plugins their ids */
export async function createItemWorkspace(
  settings: ItemSettings = {},
  plugins: readonly string[] = ['plugin-items'],
): Promise<ItemWorkspace> {
  const workspace = await workspaceIn(await newFolder(), plugins, settings);
  await workspace.build(0);
  return workspace;
}

async function workspaceIn(
  folder: string,
  plugins: readonly string[],
  settings: ItemSettings,
): Promise<ItemWorkspace> {
  await writeFile(join(folder, 'plexica.yaml'), JSON.stringify({ ...standard(plugins), ...settings }));
  return {
    folder,
    async build(revision) {
      for (const id of plugins) {
        await mkdir(join(folder, 'plugins', id), { recursive: true });
        await writeFile(join(folder, 'plugins', id, 'plugin.json'), JSON.stringify(manifest(id, revision)));
      }
      await plexica('build');
    },
    async startGateway(args = [], options = {}) {
      const bin = join(REPOSITORY, 'runtime/gateway/bin/plexica-gateway.js');
      const gateway = startProgram([bin, 'start', ...args], { ...options, folder });
      const url = await gateway.printed(/http:\/\/127\.0\.0\.1:\d+(?=\/api)/);
      return { ...gateway, url, api: `${url}/api/plugin-gateway` };
    },
    async startInstance(gatewayUrl, environment = {}) {
      const program = join(REPOSITORY, 'test/support/item-plugin.ts');
      const instance = startProgram([program], { environment: { GATEWAY_URL: gatewayUrl, ...environment } });
      await instance.printed(/registered/);
      return instance;
    },
    async token(rest = []) {
      const words = ['token', '--tenant', 'acme', '--user', 'ada', '--permission', 'gateway:admin', ...rest];
      return (await plexica(...words)).trim();
    },
    async copy(others = {}) {
      const to = await newFolder();
      await cp(folder, to, { recursive: true });
      return workspaceIn(to, plugins, { ...settings, ...others });
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };

  async function plexica(...args: readonly string[]): Promise<string> {
    const bin = join(REPOSITORY, 'compiler/bin/plexica.js');
    const { stdout } = await run(process.execPath, ['--conditions=@plexica/source', bin, ...args], {
      cwd: folder,
    });
    return stdout;
  }
}

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'plexica-items-'));
}

function standard(plugins: readonly string[]): Workspace {
  const upstream = { allowRegistration: ['http://127.0.0.1:*'] };
  return {
    plugins: ['plugins/*/plugin.json'],
    gateway: { port: 0 },
    upstreams: Object.fromEntries(plugins.map((id) => [id, upstream])),
    health: { interval: '500ms', timeout: '1s', slow: '900ms', rise: 1, fall: 2 },
  };
}

function manifest(id: string, revision: number): object {
  const endpoints = [
    { method: 'GET', path: '/items/:id' },
    { method: 'PUT', path: '/items/:id' },
  ];
  return {
    id,
    name: id,
    version: '1.0.0',
    description: `Revision ${revision}`,
    backend: { endpoints },
    api: { services: [{ name: id.replace('plugin-', ''), version: '1.0.0', endpoints }] },
  };
}
