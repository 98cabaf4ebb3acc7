import { createSecretKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { createTokenSigner, TOKEN_TYPE } from './signed-token.ts';
import { createTenantContexts } from './tenant-context.ts';

const START = Date.UTC(2026, 0, 1);
const ada = { tenantId: 'acme', userId: 'ada', permissions: ['a:b'] };

function setUp(fill = 'a') {
  let now = START;
  const secret = createSecretKey(Buffer.alloc(32, fill));
  const signer = createTokenSigner(
    { current: { kid: 'k', secret }, byId: new Map([['k', secret]]) },
    () => now,
  );
  return {
    contexts: createTenantContexts(signer, () => now),
    signer,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('says to the callee whose request it is', async () => {
  const { contexts } = setUp();
  const context = await contexts.issue(ada, 'plugin-crm');
  expect(await contexts.verify(context, 'plugin-crm')).toEqual({ identity: ada, expiresAt: START + 60_000 });
});

it('names permissions in as few words as a token can, so that no user has too many', async () => {
  const { contexts } = setUp();
  // As many as fit into the longest token that is looked at, as one text.
  const many = { ...ada, permissions: Array.from({ length: 1400 }, (_, index) => `a:${index % 10}`) };
  const context = await contexts.issue(many, 'plugin-crm');
  expect(context.length).toBeLessThanOrEqual(8192);
  expect((await contexts.verify(context, 'plugin-crm'))?.identity).toEqual(many);
});

it.each([[[]], [['a:b']], [['a b', 'c']], [['a:b', '']], [['']]])(
  'keeps the permissions %j as they are',
  async (permissions) => {
    const { contexts } = setUp();
    const context = await contexts.issue({ ...ada, permissions }, 'plugin-crm');
    expect((await contexts.verify(context, 'plugin-crm'))?.identity.permissions).toEqual(permissions);
  },
);

it('lasts as long as the request that it belongs to may take', async () => {
  const { contexts, pass } = setUp();
  const short = await contexts.issue(ada, 'plugin-crm');
  const long = await contexts.issue(ada, 'plugin-crm', 600_000);
  pass(600_000);
  expect(await contexts.verify(short, 'plugin-crm')).toBeUndefined();
  expect(await contexts.verify(long, 'plugin-crm')).toBeDefined();
  pass(20_000);
  expect(await contexts.verify(long, 'plugin-crm')).toBeUndefined();
});

it('is good for the callee alone', async () => {
  const { contexts } = setUp();
  expect(await contexts.verify(await contexts.issue(ada, 'plugin-crm'), 'plugin-analytics')).toBeUndefined();
});

it('ends within a minute, where its request does not need it for longer', async () => {
  const { contexts, pass } = setUp();
  const context = await contexts.issue(ada, 'plugin-crm');
  pass(59_000);
  expect(await contexts.verify(context, 'plugin-crm')).toBeDefined();
  pass(1_000);
  expect(await contexts.verify(context, 'plugin-crm')).toBeUndefined();
});

it('is signed once for many requests, and anew in time', async () => {
  const { contexts, pass } = setUp();
  const first = await contexts.issue(ada, 'plugin-crm');
  pass(19_000);
  expect(await contexts.issue(ada, 'plugin-crm')).toBe(first);
  expect(await contexts.issue(ada, 'plugin-analytics')).not.toBe(first);
  pass(1_000);
  expect(await contexts.issue(ada, 'plugin-crm')).not.toBe(first);
});

it('cannot be made by others, nor of another kind of token', async () => {
  const { contexts, signer } = setUp();
  const claims = { aud: 'plugin-crm', tenant: 'acme', permissions: [] };
  const forged = await setUp('b').contexts.issue(ada, 'plugin-crm');
  const token = await signer.sign(TOKEN_TYPE.development, claims, 60_000);
  const broken = (await contexts.issue(ada, 'plugin-crm')).replace(/.$/, (last) =>
    last === 'A' ? 'Q' : 'A',
  );
  for (const context of [forged, token.token, broken, '', 'x', 'a.b.c']) {
    expect(await contexts.verify(context, 'plugin-crm')).toBeUndefined();
  }
});
