import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Workspace } from '@plexica/types';
import { manifestEventsOf, PUBLISHER_IDS, SUBSCRIBER_ID } from './event-plugins.ts';
import { REPOSITORY, type RunningProgram, startProgram } from './run-program.ts';

/** A compiled workspace of the plugins of `event-plugins.ts`, whose gateway keeps and delivers their events. */
export interface EventWorkspace {
  readonly folder: string;
  /** The same after each start. */
  readonly gatewayUrl: string;
  /** Resolves once it listens. */
  startGateway(): Promise<RunningProgram>;
  /** A plugin's token, good for longer than any test. */
  pluginToken(pluginId: string): Promise<string>;
  remove(): Promise<void>;
}

/** @param settings of plexica.yaml, beside what these plugins need */
export async function createEventWorkspace({
  gateway = {},
  ...rest
}: Pick<Workspace, 'gateway' | 'events'> = {}): Promise<EventWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), 'plexica-events-'));
  const port = await freePort();
  const settings = {
    plugins: ['plugins/*/plugin.json'],
    gateway: { ...gateway, port },
    upstreams: Object.fromEntries(PUBLISHER_IDS.map((id) => [id, { actAsTenants: ['*'] }])),
    log: { level: 'warn', access: false },
    ...rest,
  } satisfies Workspace;
  await writeFile(join(folder, 'plexica.yaml'), JSON.stringify(settings));
  for (const id of [...PUBLISHER_IDS, SUBSCRIBER_ID]) {
    await mkdir(join(folder, 'plugins', id), { recursive: true });
    const manifest = { id, name: id, version: '1.0.0', events: manifestEventsOf(id) };
    await writeFile(join(folder, 'plugins', id, 'plugin.json'), JSON.stringify(manifest));
  }
  await run('compiler/bin/plexica.js', 'build');

  return {
    folder,
    gatewayUrl: `http://127.0.0.1:${port}`,
    async startGateway() {
      const bin = join(REPOSITORY, 'runtime/gateway/bin/plexica-gateway.js');
      const gateway = startProgram([bin, 'start'], { folder });
      await gateway.printed(/http:\/\/127\.0\.0\.1:\d+(?=\/api)/);
      return gateway;
    },
    pluginToken: async (pluginId) =>
      (
        await run('runtime/gateway/bin/plexica-gateway.js', 'token', '--plugin', pluginId, '--expires', '12h')
      ).trim(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };

  async function run(bin: string, ...args: readonly string[]): Promise<string> {
    const command = ['--conditions=@plexica/source', join(REPOSITORY, bin), ...args];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: folder });
    return stdout;
  }
}

/** One that nobody listens on now. The gateway must be found where it was before. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
