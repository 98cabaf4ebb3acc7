import { createSecretKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { SetupError } from '../errors.ts';
import { createDevelopmentProvider, issueDevelopmentToken } from './development-provider.ts';
import { createTokenSigner, TOKEN_TYPE } from './signed-token.ts';

const NAMES = { tenant: 'app.tenant', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' };
const secret = createSecretKey(Buffer.alloc(32));
const signer = createTokenSigner({ current: { kid: 'k', secret }, byId: new Map([['k', secret]]) }, Date.now);

it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('starts on %s', (host) => {
  createDevelopmentProvider(signer, NAMES, host);
});

it.each(['0.0.0.0', '::', '192.168.1.7', '127.0.0.1.example.com', 'example.com', '::ffff:10.0.0.1', ''])(
  'refuses to start on "%s"',
  (host) => {
    const start = () => createDevelopmentProvider(signer, NAMES, host);
    expect(start).toThrow(SetupError);
    expect(start).toThrow('configure identity.provider jwt');
  },
);

it('knows the tokens that it signs, by the names of the configuration', async () => {
  const identity = { tenantId: 'acme', userId: 'ada', permissions: ['a:b'] };
  const { token, expiresAt } = await issueDevelopmentToken(signer, NAMES, identity, 60_000);
  const provider = createDevelopmentProvider(signer, NAMES, '127.0.0.1');
  expect(await provider.verify(token)).toEqual({ identity, expiresAt });
});

it('takes no other token that the gateway signs', async () => {
  const provider = createDevelopmentProvider(signer, NAMES, '127.0.0.1');
  for (const type of [TOKEN_TYPE.plugin, TOKEN_TYPE.context]) {
    const { token } = await signer.sign(type, { app: { tenant: 'acme' } }, 60_000);
    expect(await provider.verify(token)).toBeUndefined();
  }
});
