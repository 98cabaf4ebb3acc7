import { afterEach, expect, it, vi } from 'vitest';
import type { RateLimitsConfig } from '../config/gateway-config.ts';
import { sendRaw } from '../testing/raw-connection.ts';
import { ANALYTICS, CRM, route, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin } from '../testing/start-plugin.ts';
import { startRedis, whyNoRedis } from './testing/start-redis.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.close();
});

const MINUTE = 60_000;
const NONE: RateLimitsConfig = { tenant: undefined, caller: undefined, redis: undefined };
const FEW = {
  id: 'plugin-few',
  routes: [
    route('GET /two', { rateLimit: { max: 2, windowMs: MINUTE } }),
    route('POST /two', { rateLimit: { max: 2, windowMs: MINUTE } }),
    route('GET /any'),
    route('GET /open', { auth: false, rateLimit: { max: 1, windowMs: MINUTE } }),
  ],
};

async function setUp(rateLimits: Partial<RateLimitsConfig> = {}, trustedProxies: readonly string[] = []) {
  const plugin = await startPlugin();
  running.push(plugin);
  const gateway = await startGateway({
    plugins: [FEW, CRM, ANALYTICS],
    upstreams: { 'plugin-few': plugin.url, 'plugin-crm': plugin.url },
    config: { rateLimits: { ...NONE, ...rateLimits }, trustedProxies },
  });
  running.push(gateway);
  return { gateway, plugin };
}

async function ask(
  gateway: TestGateway,
  endpoint: string,
  token?: string,
  headers: Record<string, string> = {},
) {
  const [method = '', path = ''] = endpoint.split(' ');
  const sent = token === undefined ? headers : { authorization: `Bearer ${token}`, ...headers };
  const answer = await fetch(`${gateway.url}${path}`, { method, headers: sent });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text };
}

it("an endpoint's limit holds for each caller, says how much is left, and then until when", async () => {
  const { gateway, plugin } = await setUp();
  const [ada, bob] = [await gateway.userToken(), await gateway.userToken({ userId: 'bob' })];
  const first = await ask(gateway, 'GET /plugin-few/two', ada);
  expect(first.status).toBe(200);
  for (const prefix of ['ratelimit', 'x-ratelimit']) {
    expect(first.headers.get(`${prefix}-limit`)).toBe('2');
    expect(first.headers.get(`${prefix}-remaining`)).toBe('1');
    expect(first.headers.get(`${prefix}-reset`)).toBe('60');
  }
  await ask(gateway, 'GET /plugin-few/two', ada);
  const third = await ask(gateway, 'GET /plugin-few/two', ada);
  expect(third.status).toBe(429);
  expect(JSON.parse(third.text)).toMatchObject({
    code: 'rate-limited',
    error: expect.stringMatching(
      /^over the endpoint limit: 2 requests of one caller to GET \/two of plugin-few in 60 s; try again in \d+ s$/,
    ),
  });
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(50);
  expect(third.headers.get('ratelimit-remaining')).toBe('0');
  expect(plugin.seen.filter(({ target }) => target === '/two')).toHaveLength(2);
  for (const [endpoint, token] of [
    ['GET /plugin-few/two', bob],
    ['POST /plugin-few/two', ada],
    ['GET /plugin-few/any', ada],
    ['GET /plugin-few/two', await gateway.userToken({ tenantId: 'globex' })],
  ] as const) {
    expect((await ask(gateway, endpoint, token)).status).toBe(200);
  }
  expect((await ask(gateway, 'GET /plugin-few/any', ada)).headers.get('ratelimit-limit')).toBeNull();
  expect((await gateway.context.metrics.expose()).text).toContain(
    'plexica_rate_limited_total{limit="endpoint"} 1',
  );
});

it('what a plugin says of limits is its own, except where the gateway has one', async () => {
  const { gateway, plugin } = await setUp();
  plugin.answer = (_, response) => response.setHeader('RateLimit-Limit', '7').end();
  const token = await gateway.userToken();
  expect((await ask(gateway, 'GET /plugin-few/any', token)).headers.get('ratelimit-limit')).toBe('7');
  expect((await ask(gateway, 'GET /plugin-few/two', token)).headers.get('ratelimit-limit')).toBe('2');
});

it("a tenant's and a caller's limit hold over all plugins, and one caller cannot use up a tenant's", async () => {
  const limit = (max: number) => ({ max, windowMs: MINUTE });
  const { gateway } = await setUp({ caller: limit(2), tenant: limit(3) });
  const token = (userId: string, tenantId = 'acme') => gateway.userToken({ userId, tenantId });
  const ada = await token('ada');
  expect((await ask(gateway, 'GET /plugin-few/any', ada)).status).toBe(200);
  expect((await ask(gateway, 'GET /plugin-crm/contacts', ada)).status).toBe(200);
  for (let more = 0; more < 5; more += 1) {
    const refused = await ask(gateway, 'GET /plugin-few/any', ada);
    expect([refused.status, JSON.parse(refused.text).error]).toEqual([
      429,
      expect.stringContaining('caller limit'),
    ]);
  }
  expect((await ask(gateway, 'GET /plugin-few/any', await token('bob'))).status).toBe(200);
  const refused = await ask(gateway, 'GET /plugin-few/any', await token('cleo'));
  expect([refused.status, JSON.parse(refused.text).error]).toEqual([
    429,
    expect.stringContaining('tenant limit'),
  ]);
  expect((await ask(gateway, 'GET /plugin-few/any', await token('cleo', 'globex'))).status).toBe(200);
});

it('a plugin is one caller, and those without a token are told apart by their address', async () => {
  const { gateway } = await setUp({ caller: { max: 1, windowMs: MINUTE } }, ['127.0.0.1']);
  const context = await gateway.context.contexts.issue(
    { tenantId: 'acme', permissions: [] },
    'plugin-analytics',
  );
  const analytics = await gateway.pluginToken('plugin-analytics');
  const call = () => ask(gateway, 'GET /plugin-crm/contacts', analytics, { 'x-plexica-context': context });
  expect([(await call()).status, (await call()).status]).toEqual([200, 429]);
  const open = async (client: string) =>
    (await ask(gateway, 'GET /plugin-few/open', undefined, { 'x-forwarded-for': client })).status;
  expect(await open('192.0.2.1')).toBe(200);
  expect(await open('198.51.100.9, 192.0.2.1')).toBe(429);
  expect(await open('192.0.2.2')).toBe(200);
});

it('whoever is no trusted proxy cannot make up addresses', async () => {
  const { gateway } = await setUp();
  const open = (line: string) =>
    sendRaw(
      gateway.port,
      `GET /api/plugin-gateway/plugin-few/open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${line}\r\n\r\n`,
    );
  expect(await open('X-Forwarded-For: 192.0.2.1')).toMatch(/^HTTP\/1\.1 200 /);
  expect(await open('X-Forwarded-For: 192.0.2.2')).toMatch(/^HTTP\/1\.1 429 /);
  expect(await open('Forwarded: for=192.0.2.3')).toMatch(/^HTTP\/1\.1 429 /);
});

const skipped = whyNoRedis();
it.skipIf(skipped)(
  `gateways count together in Redis, and without it requests pass${skipped === undefined ? '' : `: ${skipped}`}`,
  async () => {
    const redis = await startRedis();
    running.push({ close: () => redis.kill() });
    const one = (await setUp({ redis: redis.url })).gateway;
    const other = (await setUp({ redis: redis.url })).gateway;
    const tokens = new Map([
      [one, await one.userToken()],
      [other, await other.userToken()],
    ]);
    const two = async (gateway: TestGateway) =>
      (await ask(gateway, 'GET /plugin-few/two', tokens.get(gateway))).status;
    expect([await two(one), await two(other), await two(one), await two(other)]).toEqual([
      200, 200, 429, 429,
    ]);

    await redis.kill();
    const startedAt = performance.now();
    expect(await Promise.all(Array.from({ length: 20 }, () => two(one)))).toEqual(Array(20).fill(200));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    const warnings = one.journal.lines.filter(({ msg }) => msg.startsWith('rate limits cannot count'));
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(warnings)).not.toContain(redis.url.port);
    expect(JSON.stringify(warnings)).not.toContain('.ts:');
    expect(warnings[0]).toMatchObject({ error: { message: expect.any(String) } });
    const { text } = await one.context.metrics.expose();
    expect(text).toContain('plexica_rate_limit_uncounted_total 20');

    await redis.restart();
    await vi.waitFor(async () => expect(await two(one)).toBe(429), { timeout: 4_000, interval: 50 });
    await one.journal.until('rate limits count again');
  },
);
