import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSigningKeys } from '../identity/keys.ts';
import { issuePluginToken } from '../identity/plugin-token.ts';
import { createTokenSigner } from '../identity/signed-token.ts';
import { createTenantContexts } from '../identity/tenant-context.ts';
import { startCollector, type TestCollector } from '../observability/testing/start-collector.ts';
import { createGatewayFolder, type GatewayFolder } from '../testing/gateway-folder.ts';
import { openConnection } from '../testing/raw-connection.ts';
import { ANALYTICS, CRM } from '../testing/start-gateway.ts';
import { type GatewayProcess, startGatewayProcess } from '../testing/start-gateway-process.ts';
import { echo, startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const JWT_SECRET = 'jwt-secret-jwt-secret-jwt-secret-0';
const REDIS_PASSWORD = 'redis-password-77';
const OTLP_PASSWORD = 'otlp-password-77';
const COOKIE = 'session-cookie-77';
const IN_PATH = 'path-of-somebody-77';
const IN_QUERY = 'query-of-somebody-77';
const IN_BODY = 'body-of-somebody-77';
const USER = 'ada.lovelace.77';

let folder: GatewayFolder;
let plugin: TestPlugin;
let collector: TestCollector;
let gateway: GatewayProcess;
let user: string;
let analytics: string;
let context: string;
beforeAll(async () => {
  plugin = await startPlugin();
  collector = await startCollector();
  collector.answer = (_request, response) => response.writeHead(403).end(`no, ${OTLP_PASSWORD}`);
  const otlp = new URL(collector.url);
  otlp.username = 'tracer';
  otlp.password = OTLP_PASSWORD;

  folder = await createGatewayFolder();
  await folder.writeTable([CRM, ANALYTICS]);
  await folder.writeYaml({
    identity: { provider: 'jwt', jwt: { issuer: 'me', audience: 'you', secret: JWT_SECRET } },
    upstreams: { 'plugin-crm': { urls: [plugin.url], timeout: '300ms' } },
    health: { interval: '1s', fall: 1 },
    circuit: { failures: 1_000 },
    // Nothing listens there.
    rateLimits: {
      caller: { max: 1_000, window: '1m' },
      redis: `redis://limiter:${REDIS_PASSWORD}@127.0.0.1:1`,
    },
    telemetry: { otlp: otlp.href },
  });
  const { config } = await folder.read();
  const signer = createTokenSigner(await loadSigningKeys(config.keysFile), Date.now);
  analytics = (await issuePluginToken(signer, 'plugin-analytics')).token;
  context = await createTenantContexts(signer, Date.now).issue(
    { tenantId: 'acme', userId: USER, permissions: [] },
    'plugin-analytics',
  );
  user = await new SignJWT({ tenant_id: 'acme', permissions: ['contacts:write'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('me')
    .setAudience('you')
    .setSubject(USER)
    .setExpirationTime('1m')
    .sign(new TextEncoder().encode(JWT_SECRET));
  gateway = await startGatewayProcess(folder);
  await gateway.until('plugin-crm-1 was UNKNOWN and is HEALTHY');
});
afterAll(async () => {
  gateway.child.kill('SIGKILL');
  await gateway.ended();
  await plugin.close();
  await collector.close();
  await folder.remove();
});

async function send(path: string, init: RequestInit = {}): Promise<number | undefined> {
  const headers = { cookie: `sid=${COOKIE}`, ...init.headers };
  const answer = await fetch(`${gateway.url}${path}`, { ...init, headers }).catch(() => undefined);
  await answer?.text().catch(() => undefined);
  return answer?.status;
}

it('whatever goes wrong, the gateway writes down no secret, no address of its own side, and nobody’s data', async () => {
  const asUser = { authorization: `Bearer ${user}` };
  const asPlugin = { authorization: `Bearer ${analytics}`, 'x-plexica-context': context };
  const contacts = `/plugin-crm/contacts/${IN_PATH}?q=${IN_QUERY}`;
  const statuses = [];
  const behaviours: TestPlugin['answer'][] = [
    echo,
    (_request, response) => response.destroy(),
    (_request, response) => {
      response.write('part');
      setTimeout(() => response.destroy(), 10);
    },
    () => undefined,
    (_request, response) => response.writeHead(500, { 'set-cookie': `sid=${COOKIE}` }).end(IN_BODY),
    (request) => request.socket.end(`HTTP/9 ${IN_BODY}\r\n\r\n`),
  ];
  for (const behaviour of behaviours) {
    plugin.answer = behaviour;
    statuses.push(await send(contacts, { headers: asUser }));
    statuses.push(await send(contacts, { headers: asPlugin }));
    statuses.push(await send('/plugin-crm/contacts', { method: 'POST', headers: asUser, body: IN_BODY }));
  }
  plugin.answer = echo;
  // Those who may not, and what is no token at all.
  const forged = `${user.slice(0, -8)}AAAAAAAA`;
  for (const authorization of [
    `Bearer ${forged}`,
    `Bearer ${user}x`,
    `Basic ${user}`,
    user,
    'Bearer opaque-token-77',
  ]) {
    statuses.push(await send(contacts, { headers: { authorization } }));
  }
  statuses.push(await send(contacts, { headers: { ...asPlugin, 'x-plexica-context': forged } }));
  statuses.push(await send('/plugin-crm/internal', { headers: asUser }));
  statuses.push(await send(`/plugin-crm/%2f/${IN_PATH}`, { headers: asUser }));
  statuses.push(await send(`/plugin-crm/${IN_PATH}`, { headers: asUser }));
  statuses.push(await send(`/plugin-crm/%zz${IN_PATH}`, { headers: asUser }));
  statuses.push(
    await send('/services/register', {
      method: 'POST',
      headers: { ...asPlugin, 'content-type': 'application/json' },
      body: `{"baseUrl":"http://inner.host.77:9/${IN_BODY}"`,
    }),
  );
  const broken = await openConnection(Number(new URL(gateway.url).port));
  broken.write(`GET /${IN_PATH} HTTP/1.1\r\nAuthorization: Bearer ${user}\r\nBad Header\r\n\r\n`);
  await broken.closed();
  // The plugin is gone.
  await plugin.close();
  statuses.push(await send(contacts, { headers: asUser }));
  await gateway.until('plugin-crm-1 was HEALTHY and is UNAVAILABLE');
  statuses.push(await send(contacts, { headers: asUser }));
  await gateway.until('spans cannot be exported');
  gateway.child.kill('SIGTERM');
  expect(await gateway.ended()).toBe(0);

  // It was busy, and had every reason to complain.
  expect(new Set(statuses)).toEqual(new Set([200, 400, 401, 403, 404, 500, 502, 503, 504]));
  const written = `${JSON.stringify(gateway.lines())}${gateway.err()}`;
  for (const words of [
    'an answer broke off',
    'rate limits cannot count',
    'upstream-timeout',
    'token-invalid',
  ]) {
    expect(written).toContain(words);
  }
  const signature = (token: string) => token.split('.').at(-1) ?? token;
  const secrets = {
    user,
    signature: signature(user),
    payload: user.split('.')[1] ?? user,
    analytics: signature(analytics),
    context: signature(context),
    opaque: 'opaque-token-77',
    JWT_SECRET,
    REDIS_PASSWORD,
    OTLP_PASSWORD,
    COOKIE,
    IN_PATH,
    IN_QUERY,
    IN_BODY,
    USER,
    plugin: plugin.url.port,
    collector: collector.url.port,
    inner: 'inner.host.77',
    redis: '127.0.0.1:1',
  };
  const found = Object.entries(secrets).filter(([, secret]) => written.includes(secret));
  expect(found.map(([name]) => name)).toEqual([]);
}, 40_000);
