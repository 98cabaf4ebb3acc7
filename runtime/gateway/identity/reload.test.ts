import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader, exportJWK, SignJWT } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { configOf } from '../config/testing/config-of.ts';
import { createContext } from '../create-context.ts';
import { createJournal } from '../instances/testing/journal.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import { changeKeyFile, newKey } from './key-file.ts';

const PLUGIN = 'plugin-crm';

async function setUp(rest: Partial<GatewayConfig> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'plexica-reload-'));
  const setup = { config: configOf(folder, rest), table: tableOf([{ id: PLUGIN }]) };
  const context = await createContext(setup, createJournal().log);
  onTestFinished(async () => {
    await context.instances.stop();
    await rm(folder, { recursive: true });
  });
  return { context, setup };
}

it('signs with the newest key from a reload on', async () => {
  const { context, setup } = await setUp();
  const fresh = newKey(Date.now());
  const { token: before } = await context.tokens.issuePluginToken(PLUGIN);
  await changeKeyFile(setup.config.keysFile, (keys) => [fresh, ...keys]);
  (await context.prepare(setup))();
  const { token: after } = await context.tokens.issuePluginToken(PLUGIN);
  expect(decodeProtectedHeader(after).kid).toBe(fresh.kid);
  for (const token of [before, after]) {
    const caller = await context.deployment().authenticate(`Bearer ${token}`, undefined);
    expect(caller).toMatchObject({ pluginId: PLUGIN });
  }
});

it('keeps the keys of an identity provider that is down when the gateway reloads', async () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const set = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one' }] });
  const idp = createServer((_, response) => response.end(set)).listen(0, '127.0.0.1');
  await once(idp, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = idp.address() as AddressInfo;
  const { context, setup } = await setUp({
    identity: {
      provider: {
        kind: 'jwt',
        issuer: 'me',
        audience: 'you',
        algorithms: ['ES256'],
        key: { kind: 'jwks', uri: new URL(`http://127.0.0.1:${port}/jwks`) },
        clockTolerance: 0,
      },
      claims: { tenant: 'tenant_id', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' },
    },
  });
  const authorization = async (userId: string) => {
    const token = new SignJWT({ tenant_id: 'acme', sub: userId, iss: 'me', aud: 'you' });
    const signed = token.setProtectedHeader({ alg: 'ES256', kid: 'one' }).setExpirationTime('1m');
    return `Bearer ${await signed.sign(pair.privateKey)}`;
  };
  const ada = await authorization('ada');
  expect(await context.deployment().authenticate(ada, undefined)).toMatchObject({ kind: 'user' });

  const closed = once(idp, 'close');
  idp.close();
  idp.closeAllConnections();
  await closed;
  (await context.prepare(setup))();
  for (const user of [ada, await authorization('bob')]) {
    expect(await context.deployment().authenticate(user, undefined)).toMatchObject({ kind: 'user' });
  }
});
