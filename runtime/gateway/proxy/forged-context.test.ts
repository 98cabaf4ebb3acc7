import { createHmac, createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenSigner, TOKEN_TYPE } from '../identity/signed-token.ts';
import { createTenantContexts } from '../identity/tenant-context.ts';
import { sendRaw } from '../testing/raw-connection.ts';
import { ANALYTICS, CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

/** Analytics serves requests of alpha, and wants what is beta's. */
const ALPHA = { tenantId: 'alpha', userId: 'ada', permissions: [] };
const BETA = { tenantId: 'beta', userId: 'bob', permissions: ['contacts:write'] };
const CLAIMS = { aud: 'plugin-analytics', tenant: 'beta', user: 'bob', permissions: [] };

let crm: TestPlugin;
let gateway: TestGateway;
let kid: string;
/** What analytics was given: its token, and the context of a request of alpha. */
let token: string;
let context: string;
beforeAll(async () => {
  crm = await startPlugin();
  gateway = await startGateway({ plugins: [CRM, ANALYTICS], upstreams: { 'plugin-crm': crm.url } });
  kid = gateway.keys.current.kid;
  token = await gateway.pluginToken('plugin-analytics');
  context = await gateway.context.contexts.issue(ALPHA, 'plugin-analytics');
});
afterAll(async () => {
  await gateway.close();
  await crm.close();
});

/** The status and the code of the answer, and the tenant that CRM was told, where the request got there. */
async function call(...lines: string[]) {
  const before = crm.seen.length;
  const head = ['GET /api/plugin-gateway/plugin-crm/contacts HTTP/1.1', 'Host: gateway', 'Connection: close'];
  const answer = await sendRaw(gateway.port, [...head, ...lines, '', ''].join('\r\n'));
  const arrived = crm.seen.slice(before);
  for (const { rawHeaders } of arrived) {
    expect(rawHeaders.filter((value) => /beta|bob/.test(value))).toEqual([]);
    const contexts = rawHeaders.filter((_, at) => rawHeaders[at - 1] === 'x-plexica-context');
    expect(contexts.map((value) => claimsOf(value).tenant)).toEqual(['alpha']);
  }
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]),
    code: /"code":"([^"]+)"/.exec(answer)?.[1],
    tenants: arrived.map(({ headers }) => headers['x-tenant-id']),
  };
}

const asAnalytics = () => `Authorization: Bearer ${token}`;
const asCrm = async () => `Authorization: Bearer ${await gateway.pluginToken('plugin-crm')}`;
const refused = (code: string, status = 403) => ({ status, code, tenants: [] });
const ofBeta = (calleeId: string) => gateway.context.contexts.issue(BETA, calleeId);
const signedByGateway = async (type: (typeof TOKEN_TYPE)[keyof typeof TOKEN_TYPE], claims: object) =>
  (await createTokenSigner(gateway.keys, Date.now).sign(type, { ...claims }, 60_000)).token;

it('is served for the tenant of the context that it was given', async () => {
  expect(await call(asAnalytics(), `X-Plexica-Context: ${context}`)).toEqual({
    status: 200,
    code: undefined,
    tenants: ['alpha'],
  });
});

describe('a context is refused that is', () => {
  it.each<[string, () => string | Promise<string>]>([
    ['signed with a key of its own', () => forge({ kid }, 'own')],
    ['signed with a key of its own, under a name of its own', () => forge({ kid: 'own' }, 'own')],
    ['signed with a key that it carries', () => forge({ kid, jwk: octet('own') }, 'own')],
    ['signed with a key at an address', () => forge({ kid, jku: 'http://127.0.0.1:1/keys' }, 'own')],
    ['signed with no secret at all', () => forge({ kid }, '')],
    ['signed with the name of the key', () => forge({ kid }, kid)],
    ['signed without a name of a key', () => forge({}, 'own')],
    ['signed by the name of a file', () => forge({ kid: '../../../../dev/null' }, '')],
    ['signed by a prototype', () => forge({ kid: '__proto__' }, '')],
    ['signed with HS384', () => forge({ kid, alg: 'HS384' }, 'own', 'sha384')],
    ['not signed', () => unsigned('none')],
    ['not signed, in other words', () => unsigned('NonE')],
    ['not signed, without saying so', () => unsigned('')],
    ['not signed, but says HS256', () => unsigned('HS256')],
    ['changed', () => changed(context, { tenant: 'beta' })],
    ['changed to be for it', async () => changed(await ofBeta('plugin-crm'), { aud: 'plugin-analytics' })],
    ['put together from two', async () => spliced(await ofBeta('plugin-crm'), context)],
    ['given to another plugin', () => ofBeta('plugin-crm')],
    ['of a plugin that is not there', () => ofBeta('plugin-gone')],
    ['expired', () => expired()],
    ['empty', () => ''],
    ['two in one', async () => `${context}, ${await ofBeta('plugin-crm')}`],
    ['a plugin token', () => token],
    ['a plugin token with the claims of one', () => signedByGateway(TOKEN_TYPE.plugin, CLAIMS)],
    ['a user’s token', () => gateway.userToken({ tenantId: 'beta' })],
    ['a user’s token with the claims of one', () => signedByGateway(TOKEN_TYPE.development, CLAIMS)],
    ['of another gateway', () => elsewhere('other')],
    ['of another gateway whose key has the same name', () => elsewhere(kid)],
    ['larger than any', () => `${context}${'A'.repeat(9000)}`],
    ['no token', () => '{"tenant":"beta"}'],
  ])('%s', async (_, make) => {
    expect(await call(asAnalytics(), `X-Plexica-Context: ${await make()}`)).toEqual(
      refused('tenant-context-invalid'),
    );
  });

  it('shown by another plugin than the one that got it', async () => {
    expect(await call(await asCrm(), `X-Plexica-Context: ${context}`)).toEqual(
      refused('tenant-context-invalid'),
    );
  });

  it('there twice', async () => {
    const other = await ofBeta('plugin-crm');
    for (const second of [context, other]) {
      const lines = [`X-Plexica-Context: ${context}`, `x-plexica-context: ${second}`];
      expect(await call(asAnalytics(), ...lines)).toEqual(refused('tenant-context-invalid'));
      expect(await call(asAnalytics(), ...lines.reverse())).toEqual(refused('tenant-context-invalid'));
    }
  });
});

describe('beside its context, a plugin cannot say beta', () => {
  it.each([
    ['X-Tenant-ID: beta'],
    ['x_tenant_id: beta'],
    ['X-Tenant-ID: beta', 'X-Tenant-ID: beta', 'X-User-ID: bob', 'X-Workspace-ID: beta'],
    ['X_Plexica_Context: beta'],
    ['X.Plexica.Context: beta'],
    ['X-Plexica-Tenant: beta', 'X-Plexica-Context-2: beta'],
    ['X_Plexica_Act_As_Tenant: beta'],
    ['Cookie: X-Plexica-Context=beta'],
    ['Forwarded: for=beta'],
  ])('%s', async (...lines) => {
    const answer = await call(asAnalytics(), ...lines, `X-Plexica-Context: ${context}`);
    expect(answer).toEqual({ status: 200, code: undefined, tenants: ['alpha'] });
  });

  it('with X-Plexica-Act-As-Tenant', async () => {
    for (const tenant of ['beta', 'alpha', '*', '']) {
      const lines = [`X-Plexica-Context: ${context}`, `X-Plexica-Act-As-Tenant: ${tenant}`];
      expect(await call(asAnalytics(), ...lines)).toEqual(refused('bad-header', 400));
    }
  });
});

describe('without a context there is no tenant', () => {
  it.each([
    [],
    ['X-Tenant-ID: beta'],
    ['X_Plexica_Context: whatever'],
    ['X.Plexica.Context: whatever'],
    ['X-Plexica-Contexts: whatever'],
  ])('%s', async (...lines) => {
    expect(await call(asAnalytics(), ...lines)).toEqual(refused('tenant-context-missing'));
  });

  it('nor one of the plugin’s own choice', async () => {
    expect(await call(asAnalytics(), 'X-Plexica-Act-As-Tenant: beta')).toEqual(refused('tenant-not-granted'));
  });
});

describe('a context proves nobody', () => {
  it.each<[string, () => string | Promise<string>]>([
    ['its own', () => context],
    ['that of another', () => ofBeta('plugin-crm')],
    [
      'one that names the plugin',
      () => signedByGateway(TOKEN_TYPE.context, { ...CLAIMS, sub: 'plugin-crm' }),
    ],
    [
      'one with the claims of a user',
      () => signedByGateway(TOKEN_TYPE.context, { tenant_id: 'beta', sub: 'bob', permissions: [] }),
    ],
  ])('%s', async (_, make) => {
    expect(await call(`Authorization: Bearer ${await make()}`)).toEqual(refused('token-invalid', 401));
  });

  it('nor does a user’s token that names a plugin', async () => {
    const user = await signedByGateway(TOKEN_TYPE.development, { sub: 'plugin-analytics' });
    expect(await call(`Authorization: Bearer ${user}`, `X-Plexica-Context: ${context}`)).toEqual(
      refused('token-invalid', 401),
    );
  });
});

function forge(header: object, secret: string, hash = 'sha256'): string {
  const signed = `${part({ alg: 'HS256', typ: TOKEN_TYPE.context, ...header })}.${part(inTime())}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

function unsigned(alg: string): string {
  return `${part({ alg, typ: TOKEN_TYPE.context, kid })}.${part(inTime())}.`;
}

/** The token with other claims, and the signature that it had. */
function changed(signed: string, claims: object): string {
  const [header, , signature] = signed.split('.');
  return [header, part({ ...claimsOf(signed), ...claims }), signature].join('.');
}

/** The claims of the one, the signature of the other. */
function spliced(claims: string, signature: string): string {
  return [...claims.split('.').slice(0, 2), signature.split('.')[2]].join('.');
}

async function expired(): Promise<string> {
  const anHourAgo = createTokenSigner(gateway.keys, () => Date.now() - 3_600_000);
  return (await anHourAgo.sign(TOKEN_TYPE.context, CLAIMS, 60_000)).token;
}

function elsewhere(otherKid: string): Promise<string> {
  const secret = createSecretKey(Buffer.alloc(32, 'other'));
  const keys = { current: { kid: otherKid, secret }, byId: new Map([[otherKid, secret]]) };
  return createTenantContexts(createTokenSigner(keys, Date.now), Date.now).issue(BETA, 'plugin-analytics');
}

function inTime(): object {
  const seconds = Math.floor(Date.now() / 1000);
  return { ...CLAIMS, iat: seconds, exp: seconds + 60 };
}

function octet(secret: string): object {
  return { kty: 'oct', k: Buffer.from(secret).toString('base64url') };
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function claimsOf(signed: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString());
}
