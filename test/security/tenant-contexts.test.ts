import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTokenSigner, TOKEN_TYPE } from '../../runtime/gateway/identity/signed-token.ts';
import { ANALYTICS, CRM } from '../../runtime/gateway/testing/start-gateway.ts';
import { headersOf, last, lastWith, ROUTES, startTarget, type Target } from './support/start-target.ts';

const ALPHA = { tenantId: 'alpha', userId: 'ada', workspaceId: 'w1', permissions: ['contacts:write'] };
const BETA = { tenantId: 'beta', userId: 'bob', permissions: [] };

let target: Target;
let asBoard: string;
beforeAll(async () => {
  const board = { ...ANALYTICS, id: 'plugin-board' };
  target = await startTarget({ plugins: [{ ...CRM, routes: ROUTES }, board], validation: {} });
  const token = await target.gateway.pluginToken('plugin-board');
  target.keepSecret(token);
  asBoard = `Authorization: Bearer ${token}`;
});
afterAll(() => target.close());

async function contextFor(pluginId: string, identity = ALPHA as typeof ALPHA | typeof BETA): Promise<string> {
  const context = await target.gateway.context.contexts.issue(identity, pluginId);
  target.keepSecret(context);
  return context;
}

const contacts = (...lines: readonly string[]) => target.ask(last('GET /plugin-crm/contacts', ...lines));
const given = (context: string) => `X-Plexica-Context: ${context}`;

it('the context that a plugin is given is for it alone, and says no more than its request did', async () => {
  const { arrived } = await contacts(target.asAnalytics, given(await contextFor('plugin-analytics')));
  const headers = headersOf(arrived[0] ?? expect.fail('nothing arrived'));
  expect(headers.get('x-tenant-id')).toEqual(['alpha']);
  const [passedOn = ''] = headers.get('x-plexica-context') ?? [];
  target.keepSecret(passedOn);
  const claims = JSON.parse(Buffer.from(passedOn.split('.')[1] ?? '', 'base64url').toString());
  const { iat, exp, ...rest } = claims;
  expect(rest).toEqual({
    aud: 'plugin-crm',
    tenant: 'alpha',
    user: 'ada',
    workspace: 'w1',
    permissions: 'contacts:write',
  });
  expect(exp - iat).toBeLessThanOrEqual(60);
  // Neither the one who called, nor a third, can use what CRM was given.
  for (const caller of [target.asAnalytics, asBoard]) {
    expect(await contacts(caller, given(passedOn))).toMatchObject({
      answer: { status: 403, code: 'tenant-context-invalid' },
      arrived: [],
    });
  }
});

it('a context that was good for one is good for nobody else, before and after it was used', async () => {
  const context = await contextFor('plugin-analytics');
  const refused = { answer: { status: 403, code: 'tenant-context-invalid' }, arrived: [] };
  expect(await contacts(asBoard, given(context))).toMatchObject(refused);
  expect(await contacts(target.asAnalytics, given(context))).toMatchObject({ answer: { status: 200 } });
  expect(await contacts(asBoard, given(context))).toMatchObject(refused);
});

it('permissions of a context open no endpoint for users to a plugin', async () => {
  const context = await contextFor('plugin-analytics');
  const body = '{"name":"x"}';
  const { answer, arrived } = await target.ask(
    lastWith('POST /plugin-crm/contacts', body, target.asAnalytics, given(context)),
  );
  expect([answer.status, answer.code, arrived]).toEqual([403, 'edge-missing', []]);
});

it('a user gains nothing by a context', async () => {
  const context = await contextFor('plugin-analytics', BETA);
  for (const lines of [[given(context)], [given(context), given(context)], [given('x')]]) {
    const { answer, arrived } = await contacts(target.asAda, ...lines);
    expect(answer.status).toBe(200);
    expect(headersOf(arrived[0] ?? expect.fail('nothing arrived')).get('x-tenant-id')).toEqual(['acme']);
    expect((await contacts(...lines)).answer).toMatchObject({ status: 401, code: 'token-missing' });
  }
});

describe('a context that was good', () => {
  const changes: readonly (readonly [string, (parts: readonly string[]) => string])[] = [
    ['with another letter in its head', ([h = '', c, s]) => `${flip(h)}.${c}.${s}`],
    ['with another letter in its claims', ([h, c = '', s]) => `${h}.${flip(c)}.${s}`],
    ['with another letter in its signature', ([h, c, s = '']) => `${h}.${c}.${flip(s)}`],
    ['cut short', ([h, c, s = '']) => `${h}.${c}.${s.slice(0, -2)}`],
    ['without its signature', ([h, c]) => `${h}.${c}.`],
    ['in three pieces', ([h, c, s]) => `${h}, ${c}, ${s}`],
    ['with spaces in it', ([h, c, s]) => `${h}. ${c}. ${s}`],
    ['with a scheme', ([h, c, s]) => `Bearer ${h}.${c}.${s}`],
    ['in quotes', ([h, c, s]) => `"${h}.${c}.${s}"`],
    ['twice in one', (parts) => `${parts.join('.')},${parts.join('.')}`],
    ['escaped', (parts) => encodeURIComponent(`${parts.join('.')} `)],
  ];
  it.each(changes)('is none %s, after it was seen as it was', async (_, change) => {
    const context = await contextFor('plugin-analytics');
    expect((await contacts(target.asAnalytics, given(context))).answer.status).toBe(200);
    expect(await contacts(target.asAnalytics, given(change(context.split('.'))))).toMatchObject({
      answer: { status: 403, code: 'tenant-context-invalid' },
      arrived: [],
    });
  });

  it('is none any more when its time is over, used or not', async () => {
    const sign = (lifetime: number) =>
      createTokenSigner(target.gateway.keys, Date.now).sign(
        TOKEN_TYPE.context,
        { aud: 'plugin-analytics', tenant: 'alpha', permissions: [] },
        lifetime,
      );
    const [used, unused] = [(await sign(2_000)).token, (await sign(2_000)).token];
    expect((await contacts(target.asAnalytics, given(used))).answer.status).toBe(200);
    await vi.waitFor(
      async () => {
        for (const context of [used, unused]) {
          expect((await contacts(target.asAnalytics, given(context))).answer.status).toBe(403);
        }
      },
      { timeout: 5_000, interval: 100 },
    );
  });
});

describe('claims that are no tenant', () => {
  it.each([
    ['a list', { tenant: ['alpha'] }],
    ['an object', { tenant: { id: 'alpha' } }],
    ['a number', { tenant: 7 }],
    ['nothing', {}],
    ['null', { tenant: null }],
    ['empty', { tenant: '' }],
    ['a line break', { tenant: 'alpha\r\nX-User-ID: root' }],
    ['another audience beside', { tenant: 'alpha', aud: ['plugin-board'] }],
    ['permissions that are none', { tenant: 'alpha', permissions: { all: true } }],
    ['a prototype', JSON.parse('{"__proto__":{"tenant":"alpha"}}')],
  ])('%s, though the gateway signed them', async (_, claims) => {
    const signer = createTokenSigner(target.gateway.keys, Date.now);
    const { token } = await signer.sign(TOKEN_TYPE.context, { aud: 'plugin-analytics', ...claims }, 60_000);
    expect(await contacts(target.asAnalytics, given(token))).toMatchObject({
      answer: { status: 403, code: 'tenant-context-invalid' },
      arrived: [],
    });
  });
});

/** Another letter in the middle: the last ones may hold bits that do not count. */
function flip(text: string): string {
  const at = Math.floor(text.length / 2);
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}
