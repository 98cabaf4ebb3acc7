import { describe, expect, it } from 'vitest';
import { claimsOf, identityOf } from './claims.ts';

const NAMES = { tenant: 'tenant_id', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' };

describe('identityOf', () => {
  it.each([
    [{ tenant_id: 'acme' }, { tenantId: 'acme', permissions: [] }],
    [
      { tenant_id: 'acme', sub: 'auth0|1', workspace_id: 'w', permissions: ['a:b'] },
      { tenantId: 'acme', userId: 'auth0|1', workspaceId: 'w', permissions: ['a:b'] },
    ],
    [
      { tenant_id: 'acme', permissions: 'a:b  c:d' },
      { tenantId: 'acme', permissions: ['a:b', 'c:d'] },
    ],
    [
      { tenant_id: 'acme', sub: null },
      { tenantId: 'acme', permissions: [] },
    ],
  ])('reads %j', (claims, identity) => {
    expect(identityOf(claims, NAMES)).toEqual(identity);
  });

  it.each([
    [{}],
    [{ tenant_id: '' }],
    [{ tenant_id: 7 }],
    [{ tenant_id: ['acme'] }],
    [{ tenant_id: { toString: 'acme' } }],
    [{ tenant_id: ' acme' }],
    [{ tenant_id: 'acme\r\nx-user-id: root' }],
    [{ tenant_id: 'acmé' }],
    [{ tenant_id: 'a'.repeat(257) }],
    [{ tenant_id: 'acme', sub: 'a\nb' }],
    [{ tenant_id: 'acme', sub: 7 }],
    [{ tenant_id: 'acme', workspace_id: '' }],
    [{ tenant_id: 'acme', permissions: [1] }],
    [{ tenant_id: 'acme', permissions: { 'a:b': true } }],
  ])('finds no identity in %j', (claims) => {
    expect(identityOf(claims, NAMES)).toBeUndefined();
  });

  it.each([
    ['app.tenant', { app: { tenant: 'acme' } }],
    ['https://example.com/tenant', { 'https://example.com/tenant': 'acme' }],
    ['app.tenant', { 'app.tenant': 'acme', app: { tenant: 'other' } }],
    ['https://example.com/app.org.id', { 'https://example.com/app': { org: { id: 'acme' } } }],
    ['app.org.id', { app: { 'org.id': 'acme' } }],
  ])('reaches %s in %j', (tenant, claims) => {
    expect(identityOf(claims, { ...NAMES, tenant })?.tenantId).toBe('acme');
  });

  it.each(['constructor.name', '__proto__.x', 'toString', 'app.tenant.length'])(
    'does not reach %s',
    (tenant) => {
      const claims: unknown = JSON.parse('{"app":{"tenant":"acme"}}');
      expect(identityOf(claims as object, { ...NAMES, tenant })).toBeUndefined();
    },
  );
});

describe('claimsOf', () => {
  it.each([
    NAMES,
    { tenant: 'app.tenant', user: 'app.user', workspace: 'app.w.id', permissions: 'scope' },
    { ...NAMES, tenant: 'https://example.com/tenant' },
    { ...NAMES, tenant: '__proto__.tenant' },
  ])('writes what identityOf reads, with %j', (names) => {
    const identity = { tenantId: 'acme', userId: 'ada', workspaceId: 'w', permissions: ['a:b'] };
    expect(identityOf(JSON.parse(JSON.stringify(claimsOf(identity, names))), names)).toEqual(identity);
    expect(Object.prototype).not.toHaveProperty('tenant');
  });
});
