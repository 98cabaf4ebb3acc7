import { afterAll, beforeAll, expect, it } from 'vitest';
import { head, headersOf, last, startTarget, type Target } from './support/start-target.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.close());

const TENANTS = Array.from({ length: 20 }, (_, at) => ({ tenantId: `tenant-${at}`, userId: `user-${at}` }));

async function tokenOf(identity: { readonly tenantId: string; readonly userId?: string }): Promise<string> {
  const token = await target.gateway.userToken(identity, 600_000);
  target.keepSecret(token);
  return token;
}

/** Who a token is taken for, in turn with others. */
async function whoIs(token: string): Promise<readonly [number, string | undefined, string | undefined]> {
  const { answer, arrived } = await target.ask(
    last('GET /plugin-crm/contacts', `Authorization: Bearer ${token}`),
  );
  const headers = arrived[0] && headersOf(arrived[0]);
  return [answer.status, headers?.get('x-tenant-id')?.join(), headers?.get('x-user-id')?.join()];
}

it('everybody stays who they are, however many ask at once, on the same connections', async () => {
  const tokens = await Promise.all(TENANTS.map(tokenOf));
  target.crm.answer = (request, response) => {
    // Answers cross each other on their way.
    setTimeout(() => response.end(String(request.headers['x-tenant-id'])), Math.random() * 5);
  };
  const rounds = TENANTS.map(async ({ tenantId }, at) => {
    const one = head('GET /plugin-crm/contacts', `Authorization: Bearer ${tokens[at]}`);
    const answers = await target.send(`${one.repeat(9)}${one.replace('Host', 'Connection: close\r\nHost')}`);
    expect(answers.map(({ body }) => body)).toEqual(Array(10).fill(tenantId));
  });
  await Promise.all(rounds);
});

it('a token is known as a whole, and no part of one is anybody', async () => {
  const token = await tokenOf({ tenantId: 'alpha' });
  expect(await whoIs(token)).toEqual([200, 'alpha', 'ada']);
  const [header, claims, signature = ''] = token.split('.');
  const other = await tokenOf({ tenantId: 'beta' });
  const [otherHeader, otherClaims, otherSignature] = other.split('.');
  for (const near of [
    token.slice(0, -1),
    `${token}A`,
    `${token}.`,
    `${token}=`.repeat(2),
    `${header}.${claims}.${otherSignature}`,
    `${otherHeader}.${otherClaims}.${signature}`,
    `${header}.${otherClaims}.${signature}`,
    `${header}.${claims}.${signature.toLowerCase()}`,
    token.toUpperCase(),
    `${header}.${claims}`,
    `${token.slice(0, 170)}${other.slice(170)}`,
  ]) {
    expect([near, (await whoIs(near))[0]]).toEqual([near, 401]);
  }
  expect(await whoIs(token)).toEqual([200, 'alpha', 'ada']);
  expect(await whoIs(other)).toEqual([200, 'beta', 'ada']);
});

it('two tenants whose names could be one another’s are told apart', async () => {
  const pairs = [
    { tenantId: 'a', userId: 'b c' },
    { tenantId: 'a b', userId: 'c' },
    { tenantId: 'a","b', userId: 'c' },
    { tenantId: 'a', userId: 'b","c' },
    { tenantId: '__proto__', userId: 'constructor' },
    { tenantId: 'null', userId: 'undefined' },
    { tenantId: 'plugin-crm a', userId: 'b' },
    { tenantId: 'A', userId: 'b c' },
  ];
  for (let round = 0; round < 2; round += 1) {
    for (const pair of pairs) {
      expect(await whoIs(await tokenOf(pair))).toEqual([200, pair.tenantId, pair.userId]);
    }
  }
});

it('a thousand wrong tokens drive no right one out, and none of them comes to be right', async () => {
  const token = await tokenOf({ tenantId: 'alpha' });
  const wrong = Array.from(
    { length: 1_100 },
    (_, at) => `${token.slice(0, -8)}${String(at).padStart(8, 'A')}`,
  );
  const asked = wrong.map((one) => head('GET /plugin-crm/contacts', `Authorization: Bearer ${one}`));
  for (let at = 0; at < asked.length; at += 220) {
    const answers = await target.send(
      `${asked.slice(at, at + 220).join('')}${last('GET /plugin-crm/contacts')}`,
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  }
  expect(await whoIs(token)).toEqual([200, 'alpha', 'ada']);
});
