import { describe, expect, it } from 'vitest';
import { corsHeaders, mayOpenFrom, preflightHeaders } from './cors.ts';

const CORS = {
  origins: [
    'https://app.example.com',
    'https://*.tenants.example.com',
    'http://*.local.test:8080',
    'http://localhost:3000',
  ],
  credentials: false,
  maxAge: 600_000,
};

const ORIGINS: readonly [string, boolean][] = [
  ['https://app.example.com', true],
  ['https://acme.tenants.example.com', true],
  ['https://a.b-c.tenants.example.com', true],
  ['http://a.local.test:8080', true],
  ['http://localhost:3000', true],
  ['null', false],
  ['', false],
  ['*', false],
  ['http://app.example.com', false],
  ['https://app.example.com:8443', false],
  ['https://app.example.com.evil.test', false],
  ['https://app.example.comevil.test', false],
  ['https://evilapp.example.com', false],
  ['https://APP.example.com', false],
  ['https://app.example.com/', false],
  ['https://tenants.example.com', false],
  ['https://.tenants.example.com', false],
  ['https://eviltenants.example.com', false],
  ['https://evil.test/.tenants.example.com', false],
  ['https://evil.test#.tenants.example.com', false],
  ['https://evil.test?.tenants.example.com', false],
  ['https://evil.test\\.tenants.example.com', false],
  ['https://evil.test:443@a.tenants.example.com', false],
  ['https://a@b.tenants.example.com', false],
  ['https://a..tenants.example.com', false],
  ['https://*.tenants.example.com', false],
  ['https://acme.tenants.example.com:8443', false],
  ['http://acme.tenants.example.com', false],
  ['http://a.local.test', false],
  ['http://a.local.test:80800', false],
  ['https://app.example.com https://evil.test', false],
  ['https://app.example.com, https://evil.test', false],
];

const from = (...origins: string[]) => ({ rawHeaders: origins.flatMap((origin) => ['Origin', origin]) });

describe('which pages may read answers', () => {
  it.each(ORIGINS)('%j: %s', (origin, listed) => {
    expect(corsHeaders(CORS, from(origin))['access-control-allow-origin']).toBe(listed ? origin : undefined);
    expect(mayOpenFrom(origin, 'gateway.test', CORS)).toBe(listed);
    const request = {
      method: 'OPTIONS',
      rawHeaders: ['access-control-request-method', 'PUT', 'origin', origin],
    };
    expect(preflightHeaders(CORS, request, 'GET, PUT') !== undefined).toBe(listed);
  });

  it('no page has two origins, or none', () => {
    expect(corsHeaders(CORS, from('https://app.example.com', 'https://evil.test'))).toEqual({});
    expect(corsHeaders(CORS, from('https://app.example.com', 'https://app.example.com'))).toEqual({});
    expect(corsHeaders(CORS, from())).toEqual({});
  });

  it('credentials are named where they are allowed', () => {
    const [plain, credentials] = [CORS, { ...CORS, credentials: true }].map((cors) =>
      corsHeaders(cors, from('http://localhost:3000')),
    );
    expect(plain?.['access-control-allow-credentials']).toBeUndefined();
    expect(credentials).toMatchObject({
      'access-control-allow-origin': 'http://localhost:3000',
      'access-control-allow-credentials': 'true',
    });
  });
});

describe('preflightHeaders', () => {
  const ask = (...rawHeaders: string[]) =>
    preflightHeaders(
      CORS,
      { method: 'OPTIONS', rawHeaders: ['Origin', 'http://localhost:3000', ...rawHeaders] },
      'GET, HEAD',
    );

  it('says the methods of the path, and for how long to remember that', () => {
    expect(ask('Access-Control-Request-Method', 'GET')).toEqual({
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-max-age': '600',
    });
  });

  it.each([
    [
      'authorization, content-type, x-request-id, traceparent',
      'authorization, content-type, x-request-id, traceparent',
    ],
    ['Authorization,X-Of-A-Manifest', 'authorization, x-of-a-manifest'],
    ['x-tenant-id, X-Plexica-Context, x_user_id, cookie, connection, accept', 'accept'],
    ['x-plexica-act-as-tenant, x-forwarded-for', undefined],
    ['', undefined],
    ['a b, c"d, é, ok', 'ok'],
  ])('of the headers %j it allows %j', (wanted, allowed) => {
    const headers = ask('Access-Control-Request-Method', 'GET', 'Access-Control-Request-Headers', wanted);
    expect(headers?.['access-control-allow-headers']).toBe(allowed);
  });

  it('what names no method, or is another method, is none', () => {
    expect(ask()).toBeUndefined();
    const rawHeaders = ['Origin', 'http://localhost:3000', 'Access-Control-Request-Method', 'GET'];
    expect(preflightHeaders(CORS, { method: 'POST', rawHeaders }, 'GET')).toBeUndefined();
  });
});

describe('mayOpenFrom', () => {
  it.each<[string | undefined, string | undefined, boolean]>([
    [undefined, 'gateway.test', true],
    ['http://gateway.test', 'gateway.test', true],
    ['https://gateway.test', 'gateway.test', true],
    ['https://gateway.test', 'gateway.test:443', true],
    ['http://gateway.test:4000', 'gateway.test:4000', true],
    ['http://gateway.test:4000', 'GATEWAY.test:4000', true],
    ['http://[::1]:4000', '[::1]:4000', true],
    ['http://gateway.test:4000', 'gateway.test', false],
    ['http://gateway.test', 'gateway.test:4000', false],
    ['http://evil.test', 'gateway.test', false],
    ['http://gateway.test', undefined, false],
    ['http://gateway.test', '', false],
    ['http://gateway.test', 'gateway.test/x', false],
    ['http://gateway.test', 'evil@gateway.test', false],
    ['http://gateway.test/', 'gateway.test', false],
    ['null', 'null', false],
    ['', '', false],
    ['file://', '', false],
  ])('from %j at %j: %s', (origin, host, may) => {
    expect(mayOpenFrom(origin, host, undefined)).toBe(may);
    expect(mayOpenFrom(origin, host, CORS)).toBe(may);
  });
});
