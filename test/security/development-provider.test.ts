import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configOf } from '../../runtime/gateway/config/testing/config-of.ts';
import { SetupError } from '../../runtime/gateway/errors.ts';
import { createJournal } from '../../runtime/gateway/instances/testing/journal.ts';
import { tableOf } from '../../runtime/gateway/instances/testing/route-table.ts';
import { createGateway } from '../../runtime/gateway/server.ts';
import { createGatewayFolder } from '../../runtime/gateway/testing/gateway-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-security-'));
});
afterAll(() => rm(folder, { recursive: true }));

const { log } = createJournal();
const start = (host: string) =>
  createGateway({ config: configOf(folder, { host }), table: tableOf([]), log });

describe('the development provider does not start', () => {
  it.each([
    '0.0.0.0',
    '::',
    '::0',
    '0:0:0:0:0:0:0:0',
    '::ffff:0.0.0.0',
    '',
    ' ',
    '*',
    '0',
    '0.0',
    '0x0',
    '00.00.00.00',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.1.1',
    '8.8.8.8',
    '128.0.0.1',
    '126.255.255.255',
    '255.255.255.255',
    'fe80::1',
    'fd00::1',
    '2001:db8::1',
    '::2',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    'example.com',
    'localhost.example.com',
    'localhost.',
    'xlocalhost',
    '127.0.0.1.example.com',
    '127.0.0.1.nip.io',
    '127.0.0.1:80',
    '127.0.0.1/8',
    '127.0.0.1, 0.0.0.0',
    '127.0.0.1\0.example.com',
    '127.256.0.1',
    '127.example.com',
    '1127.0.0.1',
    'http://127.0.0.1',
    'unix:/tmp/gateway.sock',
    '/tmp/gateway.sock',
    '\\\\.\\pipe\\gateway',
    // These may well be loopback addresses; what is not known to be one is none.
    '127.1',
    '0177.0.0.1',
    '2130706433',
    '0x7f.0.0.1',
    '[::1]',
    '::ffff:127.0.0.1',
    '127.0.0.1 ',
    '１２７.0.0.1',
    'ip6-localhost',
    'LOCALHOST',
  ])('on %j', async (host) => {
    const started = start(host);
    await expect(started).rejects.toThrow(SetupError);
    await expect(started).rejects.toThrow('identity.provider is development');
  });
});

it.each(['127.0.0.1', '127.8.7.6', 'localhost', '::1'])(
  'it does on %s, and is reached from nowhere else',
  async (host) => {
    const gateway = await start(host);
    try {
      const url = await gateway.listen().catch((error: unknown) => {
        // A machine without IPv6 cannot listen there.
        if (host === '::1' && error instanceof SetupError) return undefined;
        throw error;
      });
      if (url === undefined) return;
      const address = gateway.app.server.address();
      expect(typeof address === 'object' && address?.address).toMatch(/^(127\.|::1$)/);
      const elsewhere = host === '127.8.7.6' ? '127.0.0.1' : '127.9.9.9';
      const refused = await new Promise((resolve) => {
        const socket = createConnection({ host: elsewhere, port: Number(url.port) });
        socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
      });
      expect(refused).toBe(true);
    } finally {
      await gateway.close(0);
    }
  },
);

it('a reload does not bring it to a gateway that others can reach', async () => {
  const files = await createGatewayFolder();
  const jwt = { issuer: 'https://idp.example', audience: 'plexica', secret: 's'.repeat(32) };
  try {
    await files.writeTable([]);
    await files.writeYaml({ gateway: { host: '0.0.0.0' }, identity: { provider: 'jwt', jwt } });
    const gateway = await createGateway({ ...(await files.read()), log, load: files.read });
    try {
      const before = gateway.context.deployment();
      for (const host of ['0.0.0.0', '127.0.0.1', 'localhost', '::1']) {
        for (const settings of [{ identity: { provider: 'development' } }, {}]) {
          await files.writeYaml({ gateway: { host }, ...settings });
          expect(await gateway.reload()).toMatchObject({
            outcome: 'refused',
            reason: expect.stringContaining('gateway.host is 0.0.0.0'),
          });
          expect(gateway.context.deployment()).toBe(before);
        }
      }
    } finally {
      await gateway.close(0);
    }
  } finally {
    await files.remove();
  }
});
