import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY, type RunningProgram, startProgram } from './run-program.ts';

const run = promisify(execFile);

/** A compiled workspace with one plugin, `plugin-items`, and what it takes to run it as processes. */
export interface ItemWorkspace {
  readonly folder: string;
  /** Compiles another version of the manifest; the gateway serves it after a reload. */
  build(revision: number): Promise<void>;
  startGateway(args?: readonly string[]): Promise<RunningGateway>;
  /** Resolves once the instance is registered. */
  startInstance(gatewayUrl: string, environment?: Readonly<Record<string, string>>): Promise<RunningProgram>;
  /** A token of a user who may everything; `admin` adds the gateway's own permissions. */
  token(rest?: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

export interface RunningGateway extends RunningProgram {
  readonly url: string;
  readonly api: string;
}

/** @param settings further lines of plexica.yaml */
export async function createItemWorkspace(settings = ''): Promise<ItemWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), 'plexica-items-'));
  await mkdir(join(folder, 'plugins', 'items'), { recursive: true });
  await writeFile(
    join(folder, 'plexica.yaml'),
    `plugins: ['plugins/*/plugin.json']
gateway: { port: 0 }
upstreams:
  plugin-items: { allowRegistration: ['http://127.0.0.1:*'] }
health: { interval: 500ms, timeout: 1s, slow: 900ms, rise: 1, fall: 2 }
${settings}`,
  );
  const workspace: ItemWorkspace = {
    folder,
    async build(revision) {
      await writeFile(join(folder, 'plugins', 'items', 'plugin.json'), JSON.stringify(manifest(revision)));
      await plexica('build');
    },
    async startGateway(args = []) {
      const bin = join(REPOSITORY, 'runtime/gateway/bin/plexica-gateway.js');
      const gateway = startProgram([bin, 'start', ...args], { folder });
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
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  await workspace.build(0);
  return workspace;

  async function plexica(...args: readonly string[]): Promise<string> {
    const bin = join(REPOSITORY, 'compiler/bin/plexica.js');
    const { stdout } = await run(process.execPath, ['--conditions=@plexica/source', bin, ...args], {
      cwd: folder,
    });
    return stdout;
  }
}

function manifest(revision: number): object {
  const endpoints = [
    { method: 'GET', path: '/items/:id' },
    { method: 'PUT', path: '/items/:id' },
  ];
  return {
    id: 'plugin-items',
    name: 'Items',
    version: '1.0.0',
    description: `Revision ${revision}`,
    backend: { endpoints },
    api: { services: [{ name: 'items', version: '1.0.0', endpoints }] },
  };
}
