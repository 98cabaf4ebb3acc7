import { describe, expect, it } from 'vitest';
import type { TenantIdentity } from './caller.ts';
import { type InjectedHeaders, requestHeaders } from './request-headers.ts';
import { requestIdOf } from './request-id.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const FRESH = '00-11111111111111111111111111111111-2222222222222222-01';
const NOBODY: InjectedHeaders = {
  pluginId: 'plugin-crm',
  client: { address: '192.0.2.1', protocol: 'http', forwardedFor: '192.0.2.1' },
  tenant: undefined,
  callerPluginId: undefined,
  tenantContext: undefined,
  trace: { traceId: FRESH.slice(3, 35), traceparent: FRESH, continued: false },
};
const ada: TenantIdentity = { tenantId: 'acme', userId: 'ada', workspaceId: 'w1', permissions: [] };

function forwarded(
  rawHeaders: readonly string[],
  injected: Partial<InjectedHeaders> = {},
): [string, string][] {
  const head = {
    method: 'GET',
    target: '/',
    rawHeaders,
    remoteAddress: '192.0.2.1',
    protocol: 'http',
    requestId: 'r-1',
  } as const;
  const flat = requestHeaders(head, { ...NOBODY, ...injected });
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at] ?? '', flat[2 * at + 1] ?? '']);
}

const OWN = [
  ['x-request-id', 'r-1'],
  ['x-forwarded-for', '192.0.2.1'],
  ['x-forwarded-proto', 'http'],
  ['x-forwarded-prefix', '/api/plugin-gateway/plugin-crm'],
  ['traceparent', FRESH],
];

describe('requestHeaders', () => {
  it.each([
    'X-Tenant-ID',
    'x-tenant-id',
    'X_TENANT_ID',
    'x.tenant.id',
    'X-User-ID',
    'x_user-id',
    'X-Workspace-ID',
    'X-Caller-Plugin-ID',
    'X-Plexica-Context',
    'x_plexica_anything',
    'X-Plexica',
    'Authorization',
    'Cookie',
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Port',
    'X_Forwarded_Host',
    'X-Real-IP',
    'X-HTTP-Method-Override',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-Request-ID',
    'traceparent',
    'Connection',
    'Keep-Alive',
    'Proxy-Connection',
    'Proxy-Authorization',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Transfer_Encoding',
    'Upgrade',
    'Expect',
    'HTTP2-Settings',
  ])('drops %s from outside', (name) => {
    expect(forwarded([name, 'evil', name.toLowerCase(), 'evil too'])).toEqual(OWN);
  });

  it('passes on the rest, duplicates and all', () => {
    expect(forwarded(['Accept', 'a', 'X-Mine', '1', 'x-mine', '2', 'Content-Type', 'text/x;a="b"'])).toEqual([
      ['accept', 'a'],
      ['x-mine', '1'],
      ['x-mine', '2'],
      ['content-type', 'text/x;a="b"'],
      ...OWN,
    ]);
  });

  it('drops what Connection names, and injects all the same', () => {
    const headers = forwarded(
      [
        'Connection',
        'close, X-Mine,X-Tenant-ID',
        'X-Mine',
        '1',
        'Connection',
        ' x-user-id ',
        'x-tenant-id',
        'evil',
      ],
      { tenant: ada },
    );
    expect(headers).toEqual([
      ['x-tenant-id', 'acme'],
      ['x-user-id', 'ada'],
      ['x-workspace-id', 'w1'],
      ...OWN,
    ]);
  });

  it('says who calls, and for whom', () => {
    const tenant = { tenantId: 'acme', permissions: [] };
    expect(forwarded([], { tenant, callerPluginId: 'plugin-analytics', tenantContext: 'signed' })).toEqual([
      ['x-tenant-id', 'acme'],
      ['x-caller-plugin-id', 'plugin-analytics'],
      ['x-plexica-context', 'signed'],
      ...OWN,
    ]);
  });

  it('keeps the host for links, and refuses a second one', () => {
    expect(forwarded(['Host', 'api.example'])).toContainEqual(['x-forwarded-host', 'api.example']);
    expect(() => forwarded(['Host', 'a', 'host', 'b'])).toThrow(
      expect.objectContaining({ code: 'bad-header' }),
    );
  });

  it('keeps the `tracestate` of a trace that goes on, and of no other', () => {
    const client = ['Traceparent', TRACE, 'tracestate', 'a=b'];
    const trace = { traceId: TRACE.slice(3, 35), traceparent: TRACE, continued: true };
    expect(forwarded(client, { trace })).toEqual([
      ['tracestate', 'a=b'],
      ...OWN.slice(0, -1),
      ['traceparent', TRACE],
    ]);
    expect(forwarded(client)).toEqual(OWN);
  });
});

describe('requestIdOf', () => {
  it.each([
    ['abc.DEF_1-2', 'abc.DEF_1-2'],
    ['a'.repeat(128), 'a'.repeat(128)],
    ['a'.repeat(129), 'fresh'],
    ['', 'fresh'],
    ['a b', 'fresh'],
    ['a\n{"level":60}', 'fresh'],
    ['é', 'fresh'],
    [undefined, 'fresh'],
    [['a', 'b'], 'fresh'],
  ])('%j gives %s', (given, expected) => {
    expect(requestIdOf(given, () => 'fresh')).toBe(expected);
  });
});
