import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { SetupError } from './errors.ts';
import { openConnection } from './testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from './testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from './testing/start-plugin.ts';

async function withGateway(use: (gateway: TestGateway, plugin: TestPlugin) => Promise<void>): Promise<void> {
  const plugin = await startPlugin();
  const gateway = await startGateway({ plugins: [CRM], upstreams: { 'plugin-crm': plugin.url } });
  try {
    await use(gateway, plugin);
  } finally {
    await gateway.close();
    await plugin.close();
  }
}

describe('an error of the gateway', () => {
  it('has a code, a status that goes with it, and the id of the request', () =>
    withGateway(async (gateway) => {
      const authorization = `Bearer ${await gateway.userToken({ permissions: [] })}`;
      // A body is read of those alone who may send it.
      const asCrm = `Bearer ${await gateway.pluginToken('plugin-crm')}`;
      const answers = [
        ['GET', '/nothing', 404, 'route-not-found'],
        ['GET', '/plugin-crm/nothing', 404, 'route-not-found'],
        ['PATCH', '/plugin-crm/contacts', 405, 'method-not-allowed'],
        ['POST', '/health', 405, 'method-not-allowed'],
        ['DELETE', '/plugins', 405, 'method-not-allowed'],
        ['POST', '/plugin-crm/contacts', 403, 'permission-missing'],
        ['GET', '/plugin-crm/internal', 403, 'users-not-allowed'],
        ['GET', '/plugins/nobody', 404, 'plugin-not-found'],
        ['GET', '/plugin-crm/contacts/%2f', 400, 'bad-path'],
        ['POST', '/services/register', 400, 'bad-request', '{'],
        ['POST', '/services/register', 400, 'bad-request', '{"__proto__":{}}'],
      ] as const;
      for (const [method, path, status, code, body] of answers) {
        const who = body === undefined ? authorization : asCrm;
        const headers = { authorization: who, 'x-request-id': 'r-1', 'content-type': 'application/json' };
        const answer = await fetch(gateway.url + path, { method, headers, ...(body ? { body } : {}) });
        expect([path, answer.status]).toEqual([path, status]);
        expect(await answer.json()).toEqual({
          success: false,
          error: expect.any(String),
          code,
          requestId: 'r-1',
        });
        expect(answer.headers.get('x-request-id')).toBe('r-1');
      }
    }));

  it('of our own making is logged, and says nothing to the client', async () => {
    const plugin = await startPlugin();
    const gateway = await startGateway({ plugins: [CRM], upstreams: { 'plugin-crm': plugin.url } });
    gateway.context.instances.isAvailable = () => {
      throw new TypeError('a secret detail');
    };
    try {
      const answer = await fetch(`${gateway.url}/plugin-crm/public`);
      const text = await answer.text();
      expect([answer.status, JSON.parse(text)]).toMatchObject([500, { code: 'internal-error' }]);
      expect(text).not.toContain('secret');
      const line = await gateway.journal.until('a request failed for a reason of our own');
      expect(line).toMatchObject({ error: { type: 'TypeError', message: 'a secret detail' } });
    } finally {
      await gateway.close();
      await plugin.close();
    }
  });
});

describe('the log', () => {
  it('has a line for each request, with its route and not its path', () =>
    withGateway(async (gateway) => {
      const authorization = `Bearer ${await gateway.userToken()}`;
      await fetch(`${gateway.url}/plugin-crm/contacts/ada-lovelace?x=y`, { headers: { authorization } });
      expect(await gateway.journal.until('answered')).toMatchObject({
        requestId: expect.any(String),
        method: 'GET',
        route: 'GET /contacts/:id',
        plugin: 'plugin-crm',
        instance: 'plugin-crm-1',
        status: 200,
        ms: expect.any(Number),
      });
      expect(JSON.stringify(gateway.journal.lines)).not.toMatch(/ada-lovelace|x=y|Bearer|eyJ/);
    }));
});

describe('closing', () => {
  it('lets a request under way end, and takes no other', () =>
    withGateway(async (gateway, plugin) => {
      const arrived = new Promise<() => void>((resolve) => {
        plugin.answer = (_, response) => resolve(() => response.end('done'));
      });
      const answering = fetch(`${gateway.url}/plugin-crm/public`);
      const finish = await arrived;
      const closing = gateway.close(10_000);
      await expect.poll(() => fetch(`${gateway.url}/health`).catch(() => 'refused')).toBe('refused');
      finish();
      expect(await (await answering).text()).toBe('done');
      await closing;
    }));

  it('does not wait for ever', () =>
    withGateway(async (gateway, plugin) => {
      const arrived = new Promise<void>((resolve) => {
        plugin.answer = () => resolve();
      });
      const client = await openConnection(gateway.port);
      client.write('GET /api/plugin-gateway/plugin-crm/public HTTP/1.1\r\nHost: x\r\n\r\n');
      await arrived;
      await gateway.close(50);
      expect(await client.closed()).toBe('');
    }));
});

describe('starting', () => {
  it('on a port that is taken says which, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    // A listening TCP server has an address with a port.
    const { port } = other.address() as AddressInfo;
    try {
      const starting = startGateway({ plugins: [CRM], config: { port } });
      await expect(starting).rejects.toThrow(SetupError);
      await expect(starting).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`);
      await expect(starting).rejects.toThrow('gateway.port in plexica.yaml');
    } finally {
      other.close();
    }
  });

  it('on an address of another machine says so', async () => {
    const config = {
      host: '192.0.2.1',
      identity: {
        provider: {
          kind: 'jwt',
          issuer: 'i',
          audience: 'a',
          algorithms: ['HS256'],
          key: { kind: 'secret', secret: '0123456789abcdef0123456789abcdef' },
          clockTolerance: 0,
        },
        claims: { tenant: 't', user: 'sub', workspace: 'w', permissions: 'p' },
      },
    } as const;
    await expect(startGateway({ plugins: [CRM], config })).rejects.toThrow(
      '192.0.2.1 is no address of this machine',
    );
  });

  it('with the development provider on an address that others can reach is refused', async () => {
    const starting = startGateway({ plugins: [CRM], config: { host: '0.0.0.0' } });
    await expect(starting).rejects.toThrow(SetupError);
    await expect(starting).rejects.toThrow('identity.provider is development, and gateway.host is 0.0.0.0');
  });
});
