import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenSigner, TOKEN_TYPE } from '../../runtime/gateway/identity/signed-token.ts';
import { register, registrationOf } from './support/register.ts';
import { headersOf, last, lastWith, startTarget, type Target } from './support/start-target.ts';

/** What an attacker would have every object own: if one did, requests would be let through, or fail. */
const PAYLOAD =
  '{"polluted":true,"auth":false,"users":true,"permissions":["contacts:write"],"tenantId":"evil","status":500}';
const FIELDS = ['polluted', 'auth', 'users', 'permissions', 'tenantId', 'status', 'isAdmin'];

let target: Target;
let asCrm: string;
beforeAll(async () => {
  target = await startTarget({
    settings: { 'plugin-crm': { allowRegistration: ['http://127.0.0.1:*'] } },
    config: {
      identity: {
        provider: { kind: 'development' },
        // Names that an operator could write, and that lead nowhere.
        claims: {
          tenant: 'tenant_id',
          user: 'sub',
          workspace: '__proto__.workspace',
          permissions: 'permissions',
        },
      },
    },
  });
  const token = await target.gateway.pluginToken('plugin-crm');
  target.keepSecret(token);
  asCrm = `Authorization: Bearer ${token}`;
});
afterAll(async () => {
  expectClean();
  await target.close();
});

function expectClean() {
  for (const one of [{}, [], () => undefined, new Map(), Object.create({})]) {
    for (const field of FIELDS) expect(one).not.toHaveProperty(field);
  }
}

const JSON_TYPE = 'Content-Type: application/json';
const SPELLINGS = [
  '__proto__',
  '\\u005f_proto__',
  '__pro\\u0074o__',
  '\\u005F\\u005F\\u0070roto\\u005f\\u005f',
];
const BODIES = [
  ...SPELLINGS.flatMap((name) => [
    `{"${name}":${PAYLOAD}}`,
    `{"name":"x","${name}":${PAYLOAD}}`,
    `{"name":{"${name}":${PAYLOAD}}}`,
    `[{"${name}":${PAYLOAD}}]`,
    `{"a":{"b":[{"c":{"${name}":null}}]}}`,
  ]),
  `{"constructor":{"prototype":${PAYLOAD}}}`,
  `{"a":{"constructor":{"prototype":${PAYLOAD}}}}`,
  `{"c\\u006fnstructor":{"pr\\u006ftotype":${PAYLOAD}}}`,
];

describe('in a body', () => {
  it.each(BODIES)('%s is refused where it is read', async (body) => {
    const asked: readonly (readonly [string, string])[] = [
      ['POST /plugin-crm/checked', target.asAda],
      ['PUT /plugin-crm/checked/7', target.asAda],
      ['POST /services/register', asCrm],
      ['POST /services/plugin-crm/heartbeat', asCrm],
      ['DELETE /services/plugin-crm/crm.contacts', asCrm],
    ];
    for (const [endpoint, line] of asked) {
      const before = target.crm.seen.length;
      const [answer] = await target.send(lastWith(endpoint, body, line, JSON_TYPE));
      expect([endpoint, answer?.status]).toEqual([endpoint, 400]);
      expect(target.crm.seen).toHaveLength(before);
    }
    expectClean();
  });

  it('is a plugin’s own affair where the gateway reads nothing', async () => {
    for (const body of BODIES) {
      const { answer } = await target.ask(lastWith('POST /plugin-crm/open', body, JSON_TYPE));
      expect(answer).toMatchObject({ status: 200, body });
    }
    expectClean();
  });

  it('of a registration, changes nothing', async () => {
    for (const pluginId of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
      const answer = await register(target, registrationOf('http://127.0.0.1:1', { pluginId }), asCrm);
      expect([400, 403]).toContain(answer.status);
    }
    const more = JSON.stringify(registrationOf('http://127.0.0.1:1')).replace(
      '{',
      '{"prototype":{"a":1},"toString":{"b":1},',
    );
    const answer = await register(target, more, asCrm);
    expect([answer.status, JSON.parse(answer.body).data?.pluginId]).toEqual([201, 'plugin-crm']);
    await target.send(last('DELETE /services/plugin-crm/crm.contacts', asCrm));
    expectClean();
  });
});

describe('in a query', () => {
  const queries = [
    '__proto__=1',
    '__proto__[polluted]=1',
    '__proto__.polluted=1',
    '%5f_proto__[polluted]=1',
    '__proto__%5bpolluted%5d=1',
    'constructor[prototype][polluted]=1',
    'constructor.prototype.polluted=1',
    'a[__proto__][polluted]=1',
    'toString=1',
    'hasOwnProperty=1',
    '__proto__=1&__proto__=2',
    '__defineGetter__=1',
  ];
  it.each(queries)('%s is refused where it is checked, and inert elsewhere', async (query) => {
    const checked = await target.ask(last(`GET /plugin-crm/search?${query}`, target.asAda));
    expect([checked.answer.status, checked.arrived]).toEqual([400, []]);
    const free = await target.ask(last(`GET /plugin-crm/contacts?${query}`, target.asAda));
    expect([free.answer.status, free.arrived[0]?.target]).toEqual([200, `/contacts?${query}`]);
    const [own] = await target.send(last(`DELETE /services/plugin-crm/crm.contacts?${query}`, asCrm));
    expect(own?.status).toBe(200);
    expectClean();
  });

  it('does not stand in for what is asked for', async () => {
    const query = '__proto__[take]=5&constructor.prototype.take=5';
    expect((await target.ask(last(`GET /plugin-crm/search?${query}`, target.asAda))).answer.status).toBe(400);
    for (const good of ['', '?take=5', '?take=%35']) {
      expect((await target.ask(last(`GET /plugin-crm/search${good}`, target.asAda))).answer.status).toBe(200);
    }
    for (const bad of [
      '?take=11',
      '?take=5&take=6',
      '?take=',
      '?take=5x',
      '?take[]=5',
      '?take.=5',
      '?t%61ke=99',
      '?take=1e1&x',
    ]) {
      const { answer, arrived } = await target.ask(last(`GET /plugin-crm/search${bad}`, target.asAda));
      expect([bad, answer.status, arrived]).toEqual([bad, 400, []]);
    }
  });
});

describe('in a path', () => {
  it.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
  ])('%s names nothing', async (name) => {
    for (const path of [
      `/${name}`,
      `/${name}/contacts`,
      `/plugin-crm/${name}`,
      `/plugins/${name}`,
      `/services/discover/${name}`,
      `/dependencies/${name}`,
      `/openapi/${name}.json`,
      `/openapi/${name}`,
      `/docs/${name}`,
    ]) {
      const [answer] = await target.send(last(`GET ${path}`, target.asAda));
      expect([path, answer?.status]).toEqual([path, 404]);
    }
    const { arrived } = await target.ask(last(`GET /plugin-crm/contacts/${name}`, target.asAda));
    expect(arrived.map((request) => request.target)).toEqual([`/contacts/${name}`]);
    expectClean();
  });
});

describe('in claims', () => {
  it.each([
    `{"__proto__":${PAYLOAD},"tenant_id":"acme","sub":"ada"}`,
    `{"constructor":{"prototype":${PAYLOAD}},"tenant_id":"acme","sub":"ada"}`,
    `{"tenant_id":"acme","sub":"ada","__proto__":{"workspace":"evil"}}`,
    `{"tenant_id":"acme","sub":"ada","permissions":["__proto__","constructor"]}`,
  ])('%s pollutes nothing', async (text) => {
    const signer = createTokenSigner(target.gateway.keys, Date.now);
    const { token } = await signer.sign(TOKEN_TYPE.development, JSON.parse(text), 60_000);
    target.keepSecret(token);
    const { answer, arrived } = await target.ask(
      last('GET /plugin-crm/contacts', `Authorization: Bearer ${token}`),
    );
    expect(answer.status).toBe(200);
    expect(headersOf(arrived[0] ?? expect.fail('nothing arrived')).get('x-tenant-id')).toEqual(['acme']);
    // `__proto__` is a claim like any other where plexica.yaml names it, and an own one.
    const workspace = text.includes('workspace') ? ['evil'] : undefined;
    expect(headersOf(arrived[0] ?? expect.fail('nothing arrived')).get('x-workspace-id')).toEqual(workspace);
    expect(
      (await target.ask(lastWith('POST /plugin-crm/contacts', '{}', `Authorization: Bearer ${token}`))).answer
        .status,
    ).toBe(403);
    expectClean();
  });

  it('a tenant and a user may be called so', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const token = await target.gateway.userToken({ tenantId: name, userId: name });
      target.keepSecret(token);
      const { arrived } = await target.ask(
        last('GET /plugin-crm/contacts', `Authorization: Bearer ${token}`),
      );
      expect(headersOf(arrived[0] ?? expect.fail('nothing arrived')).get('x-tenant-id')).toEqual([name]);
    }
    expectClean();
  });
});
