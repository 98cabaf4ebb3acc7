import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRM } from '../../runtime/gateway/testing/start-gateway.ts';
import { last, ROUTES, startTarget, type Target } from './support/start-target.ts';

const MAX = 6;

let target: Target;
beforeAll(async () => {
  const routes = ROUTES.map((one) =>
    one.path === '/contacts/:id' && one.method === 'GET'
      ? { ...one, rateLimit: { max: 3, windowMs: 60_000 } }
      : one,
  );
  target = await startTarget({
    plugins: [{ ...CRM, routes }],
    validation: {},
    config: {
      trustedProxies: ['10.0.0.0/8'],
      rateLimits: {
        tenant: { max: 20, windowMs: 60_000 },
        caller: { max: MAX, windowMs: 60_000 },
        redis: undefined,
      },
    },
  });
});
afterAll(() => target.close());

let people = 0;
/** Somebody who has asked for nothing yet. */
async function somebody(identity: { tenantId?: string; userId?: string } = {}) {
  people += 1;
  const who = { tenantId: `tenant-${people}`, userId: `user-${people}`, ...identity };
  return async () => {
    const token = await target.gateway.userToken({ ...who, permissions: [`p:${Math.random()}`] });
    target.keepSecret(token);
    return token;
  };
}

async function statusesOf(
  texts: readonly (string | Promise<string>)[],
  methods: readonly string[] = [],
): Promise<number[]> {
  const statuses: number[] = [];
  for (const [at, text] of texts.entries()) {
    const method = methods[at];
    const [answer] = await target.send(await text, method === undefined ? [] : [method]);
    statuses.push(answer?.status ?? 0);
  }
  return statuses;
}

const counted = (statuses: readonly number[]) => statuses.filter((status) => status !== 429).length;

describe('a caller has one limit', () => {
  it.each<[string, (token: () => Promise<string>, at: number) => Promise<string>]>([
    [
      'whatever token it shows',
      async (token) => last('GET /plugin-crm/contacts', `Authorization: Bearer ${await token()}`),
    ],
    [
      'however it writes the scheme',
      async (token, at) =>
        last(
          'GET /plugin-crm/contacts',
          `Authorization: ${['bearer', 'BEARER', 'BeArEr'][at % 3]}${' '.repeat((at % 4) + 1)}${await token()}`,
        ),
    ],
    [
      'wherever it says that it is',
      async (token, at) =>
        last(
          'GET /plugin-crm/contacts',
          `Authorization: Bearer ${await token()}`,
          `X-Forwarded-For: 10.0.0.${at}`,
          `X-Real-IP: 10.0.0.${at}`,
          `Forwarded: for=10.0.0.${at}`,
          `CF-Connecting-IP: 10.0.0.${at}`,
        ),
    ],
    [
      'whoever it says that it is',
      async (token, at) =>
        last(
          'GET /plugin-crm/contacts',
          `Authorization: Bearer ${await token()}`,
          `X-Tenant-ID: t${at}`,
          `X-User-ID: u${at}`,
          `X-Plexica-Context: c${at}`,
        ),
    ],
    [
      'whatever it asks for',
      async (token, at) =>
        last(
          [
            'GET /plugin-crm/contacts',
            'GET /plugin-crm/search',
            'GET /plugin-crm/public',
            'POST /plugin-crm/open',
            'DELETE /plugin-crm/contacts/1',
          ][at % 5] ?? '',
          `Authorization: Bearer ${await token()}`,
        ),
    ],
    [
      'however it spells a path',
      async (token, at) =>
        last(
          [
            'GET /plugin-crm/contacts',
            'GET /plugin-crm/%63ontacts',
            'GET /plugin%2Dcrm/contacts',
            'GET /plugin-crm/contacts?a',
            'GET /plugin-crm/contacts?',
          ][at % 5] ?? '',
          `Authorization: Bearer ${await token()}`,
        ),
    ],
    [
      'under whatever name it calls',
      async (token, at) =>
        last('GET /plugin-crm/contacts', `Authorization: Bearer ${await token()}`).replace(
          'gateway.example',
          `h${at}.example`,
        ),
    ],
    [
      'whatever id its request has',
      async (token, at) =>
        last(
          'GET /plugin-crm/contacts',
          `Authorization: Bearer ${await token()}`,
          `X-Request-ID: r${at}`,
          `traceparent: 00-${'a'.repeat(31)}${at}-${'b'.repeat(16)}-01`,
        ),
    ],
  ])('%s', async (_, ask) => {
    const token = await somebody();
    const texts = Array.from({ length: 2 * MAX }, (_one, at) => ask(token, at));
    expect(counted(await statusesOf(texts))).toBe(MAX);
  });

  it('at many connections at once', async () => {
    const token = await (await somebody())();
    const text = last('GET /plugin-crm/contacts', `Authorization: Bearer ${token}`);
    const answers = await Promise.all(Array.from({ length: 3 * MAX }, () => target.send(text)));
    expect(counted(answers.map(([answer]) => answer?.status ?? 0))).toBe(MAX);
  });

  it('and nobody uses up that of another, whose name is near', async () => {
    const pairs = [
      { tenantId: 'near', userId: 'a' },
      { tenantId: 'near', userId: 'a"' },
      { tenantId: 'near","a', userId: 'x' },
      { tenantId: 'near', userId: 'null' },
      { tenantId: 'Near', userId: 'a' },
      { tenantId: 'near ,a', userId: 'b' },
    ];
    for (const pair of pairs.slice(0, 3)) {
      const token = await (await somebody(pair))();
      const text = last('GET /plugin-crm/contacts', `Authorization: Bearer ${token}`);
      expect(await statusesOf(Array(MAX).fill(text))).toEqual(Array(MAX).fill(200));
    }
  });
});

it('an endpoint’s limit counts GET and HEAD together, whatever the parameter is', async () => {
  const token = await (await somebody())();
  const asked = ['GET', 'HEAD', 'GET', 'HEAD', 'GET'];
  const texts = asked.map((method, at) =>
    last(`${method} /plugin-crm/contacts/${at}`, `Authorization: Bearer ${token}`),
  );
  expect(await statusesOf(texts, asked)).toEqual([200, 200, 200, 429, 429]);
});

it('somebody without a token is counted by the address of the connection', async () => {
  const texts = Array.from({ length: 2 * MAX }, (_, at) =>
    last(
      at % 2 === 0 ? 'GET /plugin-crm/public' : 'POST /plugin-crm/open',
      `X-Forwarded-For: 203.0.113.${at}, 10.0.0.1`,
      `X-Real-IP: 203.0.113.${at}`,
      `Forwarded: for=203.0.113.${at}`,
      `True-Client-IP: 203.0.113.${at}`,
      `Cookie: session=${at}`,
      `User-Agent: ${at}`,
    ),
  );
  expect(counted(await statusesOf(texts))).toBe(MAX);
});

it('a tenant’s users share its limit, and what one of them is refused does not count', async () => {
  const tokens = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map(async (userId) => (await somebody({ tenantId: 'shared', userId }))()),
  );
  const texts = tokens.flatMap((token) =>
    Array(MAX + 2).fill(last('GET /plugin-crm/contacts', `Authorization: Bearer ${token}`)),
  );
  expect(counted(await statusesOf(texts))).toBe(20);
});
