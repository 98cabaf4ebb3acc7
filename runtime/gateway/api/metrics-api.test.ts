import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseExposition } from '../observability/testing/parse-exposition.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ plugins: [CRM] });
});
afterAll(() => gateway.close());

const get = (headers: Record<string, string> = {}) => fetch(`${gateway.url}/metrics`, { headers });
/** As a proxy on this machine passes somebody else's request on. */
const FORWARDED = { 'x-forwarded-for': '203.0.113.9' };

it('a process of this machine gets all metrics, in the format that scrapers read', async () => {
  const answer = await fetch(`${gateway.url}/metrics`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(parseExposition(await answer.text()).metrics.has('plexica_build_info')).toBe(true);
});

describe('somebody else', () => {
  it('needs a token', async () => {
    const answer = await get(FORWARDED);
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'token-missing' }]);
  });

  it('needs the permission', async () => {
    const without = await get({ ...FORWARDED, authorization: `Bearer ${await gateway.userToken()}` });
    expect([without.status, await without.json()]).toMatchObject([
      403,
      { code: 'permission-missing', error: expect.stringContaining('gateway:metrics') },
    ]);
    const token = await gateway.userToken({ permissions: ['gateway:metrics'] });
    const answer = await get({ ...FORWARDED, authorization: `Bearer ${token}` });
    expect(answer.status).toBe(200);
    expect(parseExposition(await answer.text()).metrics.size).toBeGreaterThan(20);
  });

  it('is not a plugin', async () => {
    const token = await gateway.pluginToken('plugin-crm');
    const answer = await get({ ...FORWARDED, authorization: `Bearer ${token}` });
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'permission-missing' }]);
  });
});
