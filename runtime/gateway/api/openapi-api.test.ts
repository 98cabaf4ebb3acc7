import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from './testing/api-server.ts';
import { PLUGINS } from './testing/crm.ts';

const MERGED = '{\n  "openapi": "3.1.0", "info": { "title": "Plexica — alle" }\n}\n';
let out: string;
let gateway: ApiServer;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'plexica-out-'));
  await mkdir(join(out, 'openapi'));
  await writeFile(join(out, 'openapi/gateway.json'), MERGED);
  await writeFile(join(out, 'openapi/plugin-crm.json'), '{"openapi":"3.1.0"}');
  gateway = await startApiServer({ plugins: PLUGINS, out });
});

afterAll(async () => {
  await gateway.close();
  await rm(out, { recursive: true });
});

describe('the compiled documents', () => {
  it('are served byte by byte, without a token', async () => {
    const response = await fetch(`${gateway.url}/openapi.json`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.text()).toBe(MERGED);
    expect((await gateway.call('GET', '/openapi/plugin-crm.json')).body).toEqual({ openapi: '3.1.0' });
  });

  it('are not sent again to those who have them', async () => {
    const etag = (await gateway.call('GET', '/openapi.json')).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await gateway.call('GET', '/openapi.json', { headers: { 'if-none-match': known } });
      expect(answer).toMatchObject({ status: 304, body: undefined });
      expect(answer.headers.get('etag')).toBe(etag);
    }
    const other = await gateway.call('GET', '/openapi.json', { headers: { 'if-none-match': '"other"' } });
    expect(other.status).toBe(200);
  });

  it.each(['plugin-board.json', 'plugin-crm', 'plugin-crm.yaml', 'gateway.json', '__proto__.json'])(
    'that were not compiled are 404: %s',
    async (file) => {
      expect(await gateway.call('GET', `/openapi/${file}`)).toMatchObject({
        status: 404,
        body: { code: 'document-not-found', error: expect.stringContaining('run `plexica build`') },
      });
    },
  );

  it('may all be missing', async () => {
    const bare = await startApiServer({ plugins: PLUGINS });
    try {
      expect(await bare.call('GET', '/openapi.json')).toMatchObject({ status: 404 });
      expect((await fetch(`${bare.url}/docs`)).status).toBe(200);
    } finally {
      await bare.close();
    }
  });
});

describe('GET /docs', () => {
  it('is a page that may load nothing from elsewhere', async () => {
    const response = await fetch(`${gateway.url}/docs`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; " +
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';",
    );
    const page = await response.text();
    expect(page).toContain('<title>Plexica API</title>');
    expect(page.match(/(?:src|href)="(?!\/api\/plugin-gateway\/docs\/static\/)[^"]*"/g)).toBeNull();
  });

  it('offers the merged document and one per plugin', async () => {
    const script = await (await fetch(`${gateway.url}/docs/static/swagger-initializer.js`)).text();
    expect(script).toContain('"configUrl":"/api/plugin-gateway/docs/documents.json"');
    expect((await gateway.call('GET', '/docs/documents.json')).body).toEqual({
      urls: [
        { name: 'All plugins', url: '/api/plugin-gateway/openapi.json' },
        { name: 'CRM (plugin-crm)', url: '/api/plugin-gateway/openapi/plugin-crm.json' },
      ],
    });
  });

  it('has no second copy of the documents', async () => {
    for (const path of ['/docs/json', '/docs/yaml']) {
      expect(await gateway.call('GET', path)).toMatchObject({
        status: 404,
        body: { code: 'document-not-found' },
      });
    }
  });
});
