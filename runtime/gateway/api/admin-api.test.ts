import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, type ApiServer, startApiServer } from './testing/api-server.ts';

describe('the administration', () => {
  let gateway: ApiServer;
  let admin: string;
  beforeAll(async () => {
    gateway = await startApiServer({ plugins: [{ id: 'plugin-crm' }] });
    admin = await gateway.tokenWith('gateway:admin');
  });
  afterAll(() => gateway.close());

  const ENDPOINTS = [
    ['GET', '/admin/status'],
    ['POST', '/admin/reload'],
  ] as const;

  it.each(ENDPOINTS)('%s %s needs a token, and the permission', async (method, path) => {
    const call = (token?: string) => gateway.call(method, path, token === undefined ? {} : { token });
    expect(await call()).toMatchObject({ status: 401, body: { code: 'token-missing' } });
    expect(await call('a.b.c')).toMatchObject({ status: 401, body: { code: 'token-invalid' } });
    for (const token of [gateway.userToken, await gateway.pluginToken('plugin-crm')]) {
      expect(await call(token)).toMatchObject({ status: 403, body: { code: 'admin-only' } });
    }
  });

  it.each(ENDPOINTS)('%s %s is for this machine alone', async (method, path) => {
    for (const headers of [
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1' },
      { 'x-real-ip': '127.0.0.1' },
      { via: '1.1 proxy' },
      { origin: 'http://127.0.0.1:4000' },
    ]) {
      const answer = await gateway.call(method, path, { token: admin, headers });
      expect([headers, answer]).toMatchObject([headers, { status: 403, body: { code: 'admin-only' } }]);
    }
  });

  it('tells everything at once, but no address and no secret', async () => {
    const answer: ApiAnswer = await gateway.call('GET', '/admin/status', { token: admin });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const memory = {
      rssBytes: expect.any(Number),
      heapUsedBytes: expect.any(Number),
      heapTotalBytes: expect.any(Number),
      externalBytes: expect.any(Number),
    };
    expect(answer.body).toEqual({
      success: true,
      data: {
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        pid: process.pid,
        uptimeSeconds: expect.any(Number),
        loadedAt: expect.stringMatching(/^\d{4}-/),
        lastReload: null,
        table: { digest: expect.stringMatching(/^sha256:/), plugins: 1, routes: 0 },
        keys: { signing: expect.any(String), accepted: [expect.any(String)] },
        rateLimits: { store: 'memory' },
        registrations: 0,
        workers: { wanted: 1, serving: 1, replaced: 0 },
        processes: [
          {
            pid: process.pid,
            uptimeSeconds: expect.any(Number),
            memory,
            plugins: [
              {
                id: 'plugin-crm',
                version: '1.0.0',
                state: 'UNAVAILABLE',
                reasons: ['no instance is configured or registered'],
                instances: [],
                inFlight: 0,
                waiting: 0,
              },
            ],
          },
        ],
      },
    });
  });

  it('counts registrations, and does not say where they are', async () => {
    const url = new URL('http://127.0.0.1:41234/secret-base');
    gateway.instances.register('plugin-crm', url);
    const { body } = await gateway.call('GET', '/admin/status', { token: admin });
    expect(body).toMatchObject({
      data: { registrations: 1, processes: [{ plugins: [{ instances: [{}] }] }] },
    });
    expect(JSON.stringify(body)).not.toMatch(/41234|secret-base|127\.0\.0\.1/);
  });

  it('refuses to reload what was not read from files, and remembers why', async () => {
    expect(await gateway.call('POST', '/admin/reload', { token: admin })).toMatchObject({
      status: 409,
      body: {
        code: 'reload-refused',
        error: expect.stringContaining('this gateway was made without files that could be read anew'),
      },
    });
    expect(await gateway.call('GET', '/admin/status', { token: admin })).toMatchObject({
      body: {
        data: {
          lastReload: {
            at: expect.any(String),
            outcome: 'refused',
            reason: expect.stringContaining('without files'),
          },
        },
      },
    });
  });
});
