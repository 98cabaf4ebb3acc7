import { describe, expect, it } from 'vitest';
import { BASE_PATH } from '../base-path.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import { ANALYTICS, CRM } from '../testing/start-gateway.ts';
import type { Caller, TenantIdentity } from './caller.ts';
import { checkEdge } from './edge.ts';
import { identifyTenant } from './identity.ts';
import { matchRoute } from './match.ts';
import { checkPermission } from './permission.ts';

const table = tableOf([CRM, ANALYTICS, { id: 'plugin-new' }]);
const crm = (method: string, path: string) =>
  matchRoute(table, method, `${BASE_PATH}/plugin-crm${path}`).route;
const ada: TenantIdentity = { tenantId: 'acme', userId: 'ada', permissions: ['contacts:write'] };
const ANONYMOUS: Caller = { kind: 'anonymous' };
const refusal = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('identifyTenant', () => {
  it('asks nobody for a token where auth is false', () => {
    expect(identifyTenant(crm('GET', '/public'), ANONYMOUS)).toBeUndefined();
    expect(identifyTenant(crm('GET', '/public'), { kind: 'user', tenant: ada })).toBe(ada);
  });

  it('asks for a token everywhere else, and says how to send one', () => {
    expect(() => identifyTenant(crm('GET', '/contacts'), ANONYMOUS)).toThrow(
      expect.objectContaining({ code: 'token-missing', headers: { 'www-authenticate': 'Bearer' } }),
    );
  });

  it('takes no tenant from a plugin that passed no context on', () => {
    const caller: Caller = { kind: 'plugin', pluginId: 'plugin-analytics', tenant: undefined };
    expect(() => identifyTenant(crm('GET', '/contacts'), caller)).toThrow(
      refusal(
        'tenant-context-missing',
        'plugin-analytics names no tenant: pass on the X-Plexica-Context header',
      ),
    );
    expect(identifyTenant(crm('GET', '/contacts'), { ...caller, tenant: ada })).toBe(ada);
  });
});

describe('checkPermission', () => {
  it.each([
    ['GET', '/contacts', []],
    ['POST', '/contacts', ['contacts:write']],
    ['POST', '/contacts', ['other', 'contacts:write']],
  ])('lets %s %s pass with %j', (method, path, permissions) => {
    checkPermission(crm(method, path), { ...ada, permissions });
  });

  it.each([[[]], [['contacts:read']], [['contacts:*']], [['contacts:write ']], [['CONTACTS:WRITE']]])(
    'does not take %j for contacts:write',
    (permissions) => {
      expect(() => checkPermission(crm('POST', '/contacts'), { ...ada, permissions })).toThrow(
        refusal('permission-missing', 'POST /contacts of plugin-crm needs the permission "contacts:write"'),
      );
    },
  );

  it('asks somebody without a token for one, also where auth is false', () => {
    expect(() => checkPermission(crm('POST', '/contacts'), undefined)).toThrow(
      expect.objectContaining({ code: 'token-missing', headers: { 'www-authenticate': 'Bearer' } }),
    );
  });

  it('keeps users from what is for plugins', () => {
    expect(() => checkPermission(crm('GET', '/internal'), ada)).toThrow(
      refusal('users-not-allowed', 'GET /internal of plugin-crm is for plugins'),
    );
  });
});

describe('checkEdge', () => {
  it('lets a declared call pass', () => {
    checkEdge(table, crm('GET', '/contacts/7'), 'plugin-analytics');
  });

  it.each([
    [
      'no dependency',
      'plugin-new',
      'GET',
      '/contacts',
      'add {"pluginId":"plugin-crm","serviceName":"crm.contacts","version":"^1.2.0","required":true} to ' +
        '"api.dependencies" in the plugin.json of plugin-new',
    ],
    [
      'a dependency that does not list the endpoint',
      'plugin-analytics',
      'POST',
      '/contacts',
      'add "POST /contacts" to "endpoints" of that dependency in the plugin.json of plugin-analytics',
    ],
    ['another service', 'plugin-analytics', 'GET', '/internal', '"serviceName":"crm.internal"'],
    ['no service at all', 'plugin-analytics', 'GET', '/public', 'no service of plugin-crm offers it'],
    ['itself', 'plugin-crm', 'GET', '/contacts', 'a plugin does not call itself through the gateway'],
  ])('refuses %s, and says what to declare', (_, caller, method, path, message) => {
    expect(() => checkEdge(table, crm(method, path), caller)).toThrow(refusal('edge-missing', message));
  });
});
