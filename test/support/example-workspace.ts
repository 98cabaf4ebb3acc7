import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Workspace } from '@plexica/types';
import { expect, vi } from 'vitest';
import { REPOSITORY, type RunningProgram, startProgram } from './run-program.ts';

/** The example plugins, by the folders that they are in. */
const PLUGINS = {
  crm: 'plugin-crm',
  analytics: 'plugin-analytics',
  'sample-analytics': 'sample-analytics',
} as const;

const GATEWAY = join(REPOSITORY, 'runtime/gateway/bin/plexica-gateway.js');
const PERMISSIONS = ['contacts:read', 'contacts:write', 'deals:write', 'reports:read', 'analytics:read'];

/** What came back; who asks knows of what shape the data is. */
export interface ExampleAnswer {
  readonly status: number;
  readonly data: unknown;
  readonly total: number | undefined;
}

/** The example plugins and the gateway between them, each a process of its own. */
export interface ExampleWorkspace {
  /** Ends the gateway as a crash would. */
  killGateway(): Promise<void>;
  /** Has it back, where it was. */
  startGateway(): Promise<void>;
  killPlugin(folder: keyof typeof PLUGINS): Promise<void>;
  startPlugin(folder: keyof typeof PLUGINS): void;
  /** Resolves once the gateway calls all of them HEALTHY. */
  untilHealthy(): Promise<void>;
  /** Asks as user ada of a tenant. */
  send(tenant: string, method: string, path: string, body?: object): Promise<ExampleAnswer>;
  /** Publishes that a user of a tenant signed in; the status of the answer. */
  login(tenant: string, token: string, id?: string): Promise<number>;
  userToken(tenant: string): Promise<string>;
  platformToken(): Promise<string>;
  remove(): Promise<void>;
}

/** How long may pass until something has happened; in milliseconds. */
export const SOON = { timeout: 40_000, interval: 50 };

/** @param events as in plexica.yaml */
export async function startExampleWorkspace(events: Workspace['events'] = {}): Promise<ExampleWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), 'plexica-examples-'));
  const running = new Map<keyof typeof PLUGINS, RunningProgram>();
  const tokens = new Map<string, string>();
  let gateway: RunningProgram | undefined;
  let port = '0';
  const upstream = { allowRegistration: ['http://127.0.0.1:*'] };
  await writeFile(
    join(folder, 'plexica.yaml'),
    JSON.stringify({
      plugins: [join(REPOSITORY, 'plugins/*/plugin.json')],
      gateway: { port: `\${GATEWAY_PORT}` },
      upstreams: Object.fromEntries(Object.values(PLUGINS).map((id) => [id, upstream])),
      health: { interval: '200ms', timeout: '1s', slow: '900ms', rise: 1, fall: 2 },
      events,
    }),
  );
  await run(join(REPOSITORY, 'compiler/bin/plexica.js'), 'build');

  const workspace: ExampleWorkspace = {
    killGateway: async () => gateway?.stop('SIGKILL'),
    async startGateway() {
      gateway = startProgram([GATEWAY, 'start'], { folder, environment: { GATEWAY_PORT: port } });
      // Plugins look for it where it was.
      ({ port } = new URL(await gateway.printed(/http:\/\/127\.0\.0\.1:\d+(?=\/api)/)));
    },
    killPlugin: async (name) => running.get(name)?.stop('SIGKILL'),
    startPlugin(name) {
      const environment = { PORT: '0', HOST: '127.0.0.1', GATEWAY_URL: `http://127.0.0.1:${port}` };
      running.set(name, startProgram([`plugins/${name}/backend/src/index.ts`], { environment }));
    },
    async untilHealthy() {
      const healthy = Object.values(PLUGINS).map((id) => expect.objectContaining({ id, state: 'HEALTHY' }));
      await vi.waitFor(async () => {
        const { data } = await ask('/ready', {});
        expect(data).toMatchObject({ plugins: expect.arrayContaining(healthy) });
      }, SOON);
    },
    async send(tenant, method, path, body) {
      const authorization = `Bearer ${await workspace.userToken(tenant)}`;
      if (body === undefined) return await ask(path, { method, headers: { authorization } });
      const headers = { authorization, 'content-type': 'application/json' };
      return await ask(path, { method, headers, body: JSON.stringify(body) });
    },
    async login(tenantid, token, id = randomUUID()) {
      const { status } = await ask('/events', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents+json' },
        body: JSON.stringify({
          specversion: '1.0',
          id,
          source: '/platform',
          type: 'user.login',
          time: new Date().toISOString(),
          datacontenttype: 'application/json',
          tenantid,
          data: { userId: 'ada' },
        }),
      });
      return status;
    },
    async userToken(tenant) {
      const permissions = PERMISSIONS.flatMap((name) => ['--permission', name]);
      const token =
        tokens.get(tenant) ??
        (await run(GATEWAY, 'token', '--tenant', tenant, '--user', 'ada', ...permissions));
      tokens.set(tenant, token);
      return token;
    },
    platformToken: () => run(GATEWAY, 'token', '--platform'),
    async remove() {
      await Promise.all([...running.values(), gateway].map((program) => program?.stop('SIGKILL')));
      await rm(folder, { recursive: true, force: true });
    },
  };
  await workspace.startGateway();
  for (const name of ['crm', 'analytics', 'sample-analytics'] as const) workspace.startPlugin(name);
  await workspace.untilHealthy();
  return workspace;

  async function ask(path: string, init: RequestInit): Promise<ExampleAnswer> {
    const response = await fetch(`http://127.0.0.1:${port}/api/plugin-gateway${path}`, init);
    const { data, total } = (await response.json()) as ExampleAnswer; // every answer is the envelope
    return { status: response.status, data, total };
  }

  async function run(...command: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@plexica/source', ...command],
      { cwd: folder, env: { ...process.env, GATEWAY_PORT: port } },
    );
    return stdout.trim();
  }
}
