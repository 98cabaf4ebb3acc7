import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY, type RunningProgram, startProgram } from './support/run-program.ts';

const run = promisify(execFile);
const PERMISSIONS = ['contacts:read', 'contacts:write', 'deals:read', 'reports:read', 'reports:write'];
const HEALTH_INTERVAL = 200;

/** What the plugins and the gateway answer with; the fields that these tests read. */
interface Envelope {
  readonly success: boolean;
  // Of many shapes, one for each endpoint; each test says which it expects.
  readonly data: { totalContacts: number; plugins: { id: string; state: string }[] } & readonly unknown[];
  readonly total: number;
  readonly error: string;
  readonly code: string;
}

/** The example plugins and the gateway as processes of their own, on ports of the system's choice. */
describe('the example workspace', { timeout: 60_000 }, () => {
  let folder: string;
  let api: string;
  let gatewayUrl: string;
  const running: RunningProgram[] = [];
  let crm: RunningProgram;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plexica-end-to-end-'));
    await writeFile(
      join(folder, 'plexica.yaml'),
      `plugins: ['${REPOSITORY}/plugins/*/plugin.json']
gateway: { port: 0 }
upstreams:
  plugin-crm: { allowRegistration: ['http://127.0.0.1:*'] }
  plugin-analytics: { allowRegistration: ['http://127.0.0.1:*'] }
health: { interval: ${HEALTH_INTERVAL}ms, timeout: 1s, slow: 900ms, rise: 1, fall: 2 }
`,
    );
    await plexica('build');
    const gateway = startProgram([join(REPOSITORY, 'runtime/gateway/bin/plexica-gateway.js'), 'start'], {
      folder,
    });
    running.push(gateway);
    gatewayUrl = await gateway.printed(/http:\/\/127\.0\.0\.1:\d+/);
    api = `${gatewayUrl}/api/plugin-gateway`;
    crm = startPlugin('crm');
    startPlugin('analytics');
    await untilState('plugin-crm', 'HEALTHY');
    await untilState('plugin-analytics', 'HEALTHY');
  }, 60_000);

  afterAll(async () => {
    await Promise.all(running.map((program) => program.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  it('serves the contacts of the caller’s tenant only', async () => {
    const demo = await get('/plugin-crm/contacts?take=2', await userToken('demo'));
    const acme = await get('/plugin-crm/contacts', await userToken('acme'));
    const nobody = await get('/plugin-crm/contacts', await userToken('nobody'));

    expect(demo.status).toBe(200);
    expect(demo.body.data).toHaveLength(2);
    expect(demo.body.total).toBeGreaterThan(2);
    expect(acme.body.total).toBeGreaterThan(0);
    expect(acme.body.total).not.toBe(demo.body.total);
    expect(nobody.body).toEqual({ success: true, data: [], total: 0 });
  });

  it('does not let a client name its tenant', async () => {
    const token = await userToken('acme');
    const honest = await get('/plugin-crm/contacts', token);
    const spoofed = await get('/plugin-crm/contacts', token, {
      'x-tenant-id': 'demo',
      'X-Tenant_ID': 'demo',
    });

    expect(spoofed.body).toEqual(honest.body);
  });

  it('has Analytics report over CRM’s data, through the gateway, for one tenant at a time', async () => {
    for (const tenant of ['demo', 'acme']) {
      const token = await userToken(tenant);
      const contacts = await get('/plugin-crm/contacts', token);
      const report = await post('/plugin-analytics/reports', token);

      expect(report.status).toBe(201);
      expect(report.body.data.totalContacts).toBe(contacts.body.total);
    }
  });

  it('refuses what the permissions of a user do not cover', async () => {
    const { stdout } = await plexica('token', '--tenant', 'demo', '--user', 'eve');
    const refused = await get('/plugin-crm/contacts', stdout.trim());
    const anonymous = await get('/plugin-crm/contacts', undefined);

    expect(refused).toMatchObject({ status: 403, body: { success: false, code: 'permission-missing' } });
    expect(anonymous).toMatchObject({ status: 401, body: { success: false, code: 'token-missing' } });
  });

  it('answers 503 with the reason for a plugin that nobody runs', async () => {
    const answer = await get('/sample-analytics/analytics/dashboard', await userToken('demo'));

    expect(answer).toMatchObject({ status: 503, body: { success: false, code: 'plugin-unavailable' } });
    expect(answer.body.error).toContain('sample-analytics');
  });

  it('follows a plugin that is killed and comes back', async () => {
    const token = await userToken('demo');
    const killed = performance.now();
    await crm.stop('SIGKILL');
    await untilState('plugin-crm', 'UNAVAILABLE');
    const noticed = performance.now() - killed;
    const direct = await get('/plugin-crm/contacts', token);
    const report = await post('/plugin-analytics/reports', token);
    const dependencies = await get('/dependencies/plugin-analytics', token);

    expect(noticed).toBeLessThan(10 * HEALTH_INTERVAL);
    expect(direct).toMatchObject({ status: 503, body: { code: 'plugin-unavailable' } });
    expect(direct.headers.get('retry-after')).not.toBeNull();
    expect(report.status).toBe(503);
    expect(report.body.error).toMatch(/crm/i);
    expect(JSON.stringify(dependencies.body)).toContain('UNAVAILABLE');
    await untilState('plugin-analytics', 'DEGRADED');

    crm = startPlugin('crm');
    await untilState('plugin-crm', 'HEALTHY');
    await untilState('plugin-analytics', 'HEALTHY');

    expect((await post('/plugin-analytics/reports', token)).status).toBe(201);
  });

  function startPlugin(name: string): RunningProgram {
    const program = startProgram([`plugins/${name}/backend/src/index.ts`], {
      environment: { PORT: '0', HOST: '127.0.0.1', GATEWAY_URL: gatewayUrl },
    });
    running.push(program);
    return program;
  }

  async function plexica(...args: string[]): Promise<{ stdout: string }> {
    return await run(
      process.execPath,
      ['--conditions=@plexica/source', join(REPOSITORY, 'compiler/bin/plexica.js'), ...args],
      { cwd: folder },
    );
  }

  async function userToken(tenant: string): Promise<string> {
    const permissions = PERMISSIONS.flatMap((name) => ['--permission', name]);
    const { stdout } = await plexica('token', '--tenant', tenant, '--user', 'ada', ...permissions);
    return stdout.trim();
  }

  async function untilState(pluginId: string, state: string): Promise<void> {
    for (;;) {
      const { body } = await get('/ready', undefined);
      const plugin = body.data.plugins.find(({ id }) => id === pluginId);
      if (plugin?.state === state) return;
      await delay(20); // there is no event to wait for: this is how a probe sees the gateway
    }
  }

  async function get(path: string, token: string | undefined, headers: Record<string, string> = {}) {
    return await answerOf(await fetch(`${api}${path}`, { headers: { ...headers, ...bearer(token) } }));
  }

  async function post(path: string, token: string) {
    return await answerOf(await fetch(`${api}${path}`, { method: 'POST', headers: bearer(token) }));
  }

  function bearer(token: string | undefined): Record<string, string> {
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  async function answerOf(response: Response) {
    const body = (await response.json()) as Envelope; // every answer here is the envelope
    return { status: response.status, headers: response.headers, body };
  }
});
