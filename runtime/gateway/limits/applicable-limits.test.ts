import { expect, it } from 'vitest';
import type { RateLimitsConfig } from '../config/gateway-config.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import type { Caller, TenantIdentity } from '../rules/caller.ts';
import { matchRoute } from '../rules/match.ts';
import { route } from '../testing/start-gateway.ts';
import { applicableLimits, type LimitedRequest } from './applicable-limits.ts';

const LIMIT = { max: 10, windowMs: 60_000 };
const BOTH: RateLimitsConfig = { tenant: LIMIT, caller: LIMIT, redis: undefined };
const NEITHER: RateLimitsConfig = { tenant: undefined, caller: undefined, redis: undefined };
const TABLE = tableOf([
  {
    id: 'crm',
    routes: [
      route('GET /free'),
      route('GET /few/:id', { rateLimit: LIMIT }),
      route('POST /few', { rateLimit: LIMIT }),
    ],
  },
]);

const user = (tenantId: string, userId?: string): Partial<LimitedRequest> => {
  const tenant: TenantIdentity = { tenantId, permissions: [], ...(userId === undefined ? {} : { userId }) };
  return { caller: { kind: 'user', tenant }, tenant };
};
const plugin = (pluginId: string, tenantId?: string): Partial<LimitedRequest> => {
  const tenant = tenantId === undefined ? undefined : { tenantId, permissions: [] };
  return { caller: { kind: 'plugin', pluginId, tenant }, tenant };
};
const address = (clientAddress?: string): Partial<LimitedRequest> => ({ clientAddress });

function limitsFor(endpoint: string, rest: Partial<LimitedRequest>, settings = BOTH) {
  const [method = '', path = ''] = endpoint.split(' ');
  const anonymous: Caller = { kind: 'anonymous' };
  const found = matchRoute(TABLE, method, `/api/plugin-gateway/crm${path}`);
  const request = {
    route: found.route,
    caller: anonymous,
    tenant: undefined,
    clientAddress: '192.0.2.1',
    ...rest,
  };
  return applicableLimits(request, settings);
}

const keysFor = (endpoint: string, rest: Partial<LimitedRequest>) =>
  Object.fromEntries(limitsFor(endpoint, rest).map(({ kind, key }) => [kind, key]));

it('the narrowest limit comes first, and only those that are set come', () => {
  const kinds = (endpoint: string, settings = BOTH) =>
    limitsFor(endpoint, user('acme', 'ada'), settings).map(({ kind }) => kind);
  expect(kinds('GET /few/1')).toEqual(['endpoint', 'caller', 'tenant']);
  expect(kinds('GET /free')).toEqual(['caller', 'tenant']);
  expect(kinds('GET /free', NEITHER)).toEqual([]);
  expect(limitsFor('GET /free', {}).map(({ kind }) => kind)).toEqual(['caller']);
});

it('requests are counted apart by endpoint, tenant and caller, and by nothing else', () => {
  const ada = keysFor('GET /few/1', user('acme', 'ada'));
  expect(keysFor('GET /few/2', user('acme', 'ada'))).toEqual(ada);
  const bob = keysFor('GET /few/1', user('acme', 'bob'));
  expect(bob.tenant).toBe(ada.tenant);
  expect([bob.caller === ada.caller, bob.endpoint === ada.endpoint]).toEqual([false, false]);
  const other = keysFor('POST /few', user('acme', 'ada'));
  expect(other).toMatchObject({ tenant: ada.tenant, caller: ada.caller });
  expect(other.endpoint).not.toBe(ada.endpoint);
  const asPlugin = keysFor('GET /few/1', plugin('analytics', 'acme'));
  expect(asPlugin.tenant).toBe(ada.tenant);
  expect(keysFor('GET /few/1', plugin('analytics', 'globex'))).toMatchObject({ caller: asPlugin.caller });
  expect(keysFor('GET /few/1', plugin('analytics', 'globex')).endpoint).not.toBe(asPlugin.endpoint);
});

it('no two callers share a key, whatever their names are made of', () => {
  const names = ['a', 'a"', 'a","b', 'a|b', 'b', '["a"]', 'null', '\\', '192.0.2.1', '', '__proto__'];
  const requests = [
    user('a'),
    ...names.flatMap((one) => names.map((other) => user(one, other))),
    ...names.map((name) => plugin(name)),
    ...names.map((name) => plugin('x', name)),
    address('192.0.2.1'),
    address('192.0.2.2'),
    address(undefined),
  ];
  const callers = requests.map((request) => keysFor('POST /few', request));
  // A plugin is one caller, whichever tenant it works for.
  const once = requests.length - (names.length - 1);
  expect(new Set(callers.map(({ caller }) => caller)).size).toBe(once);
  expect(new Set(callers.map(({ endpoint }) => endpoint)).size).toBe(requests.length);
});

it.each([
  ['192.0.2.1', '::ffff:192.0.2.1', true],
  ['2001:db8::1', '2001:db8::ffff:1', true],
  ['2001:db8::1', '2001:db8:0:1::1', false],
  ['192.0.2.1', '192.0.2.2', false],
])('%s and %s are one client: %s', (one, other, same) => {
  expect(keysFor('GET /free', address(one)).caller === keysFor('GET /free', address(other)).caller).toBe(
    same,
  );
});
