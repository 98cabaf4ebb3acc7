import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type PluginProcess, startPlugin } from '../../../../../test/support/plugin-process.ts';

/** An address where nobody listens. */
let nobody: string;

beforeAll(async () => {
  const { server, port } = await listening();
  await new Promise((resolve) => server.close(resolve));
  nobody = `http://127.0.0.1:${port}`;
});

describe('the CRM as a process', () => {
  let crm: PluginProcess | undefined;

  afterEach(async () => {
    crm?.signal('SIGKILL');
    await crm?.ended;
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('serves without a gateway and ends well on %s', async (signal) => {
    crm = startPlugin('crm', { PORT: '0', GATEWAY_URL: nobody, CRM_CONFIG: '{"pageSize":2}' });
    const [, url] = await crm.logged(/plugin-crm serves (http:\/\/127\.0\.0\.1:\d+)/);
    await crm.logged(/gateway cannot be reached.*trying again/);
    const reply = await fetch(`${url}/contacts`, { headers: { 'x-tenant-id': 'demo' } });
    expect(await reply.json()).toMatchObject({ success: true, data: { length: 2 }, total: 12 });
    crm.signal(signal);
    expect(await crm.ended).toBe(0);
  });

  it('registers at the gateway, and takes itself out when it ends', async () => {
    const calls: string[] = [];
    const bodies: unknown[] = [];
    const gateway = createServer(async (request, reply) => {
      calls.push(`${request.method} ${request.url}`);
      const text = (await request.toArray()).join('');
      if (text !== '') bodies.push(JSON.parse(text));
      const data = { heartbeat: { intervalMs: 60_000 }, kind: 'embedded' };
      reply.writeHead(200, { 'content-type': 'application/json' });
      reply.end(JSON.stringify({ success: true, data, message: 'done' }));
    });
    const { port } = await listening(gateway);

    crm = startPlugin('crm', { PORT: '0', GATEWAY_URL: `http://127.0.0.1:${port}` });
    const [, url = ''] = await crm.logged(/registered plugin-crm at \S+ as (http:\/\/127\.0\.0\.1:\d+)/);
    crm.signal('SIGTERM');
    expect(await crm.ended).toBe(0);
    gateway.close();

    const instance = new URLSearchParams({ baseUrl: url });
    expect(calls.filter((call) => !call.includes('/events/'))).toEqual([
      'POST /api/plugin-gateway/services/register',
      `DELETE /api/plugin-gateway/services/plugin-crm/crm.contacts?${instance}`,
      `DELETE /api/plugin-gateway/services/plugin-crm/crm.deals?${instance}`,
    ]);
    expect(bodies).toMatchObject([
      {
        pluginId: 'plugin-crm',
        services: [
          { name: 'crm.contacts', version: '1.0.0', baseUrl: url },
          { name: 'crm.deals', version: '1.0.0', baseUrl: url },
        ],
      },
    ]);
  });

  it('says which port is taken and how to choose another', async () => {
    const { server, port } = await listening();
    crm = startPlugin('crm', { PORT: String(port), GATEWAY_URL: nobody });
    expect(await crm.ended).toBe(1);
    expect(crm.errors()).toMatch(
      new RegExp(
        `^plugin-crm: port ${port} of 127.0.0.1 is taken: stop what listens there, or choose .*PORT=`,
      ),
    );
    expect(crm.errors().trim().split('\n')).toHaveLength(1);
    server.close();
  });

  it.each([
    [{ PORT: 'x' }, 'plugin-crm: PORT must be a number'],
    [{ CRM_CONFIG: '{"pageSize":0,"openStages":["soon"]}' }, 'pageSize: '],
    [{ GATEWAY_URL: 'gateway' }, '"gateway"'],
  ])('refuses to start with %j', async (environment, message) => {
    crm = startPlugin('crm', { PORT: '0', GATEWAY_URL: nobody, ...environment });
    expect(await crm.ended).toBe(1);
    expect(crm.errors()).toContain(message);
  });
});

async function listening(server = createServer()) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return { server, port };
}
