import { afterAll, beforeAll, expect, it } from 'vitest';
import { sendRaw } from '../testing/raw-connection.ts';
import { CRM, route, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const BASE = '/api/plugin-gateway/plugin-crm';

let plugin: TestPlugin;
let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  plugin = await startPlugin();
  const routes = [...CRM.routes, route('GET /contacts/secret', { users: false, services: ['crm.internal'] })];
  const below = new URL('/crm', plugin.url);
  gateway = await startGateway({ plugins: [{ ...CRM, routes }], upstreams: { 'plugin-crm': below } });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});

const get = (target: string) =>
  sendRaw(
    gateway.port,
    `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );

it.each([
  `${BASE}/contacts/..`,
  `${BASE}/contacts/../../internal`,
  `${BASE}/contacts/%2e%2e/x`,
  `${BASE}/contacts/.%2E`,
  `${BASE}/contacts/%252e%252e`,
  `${BASE}/contacts/a%2fb`,
  `${BASE}/contacts/a%252Fb`,
  `${BASE}/contacts/a%5cb`,
  `${BASE}/contacts/a\\b`,
  `${BASE}/contacts/..;/x`,
  `${BASE}/contacts/secret;x`,
  `${BASE}/contacts//x`,
  `//evil.example${BASE}/contacts`,
  `${BASE}/contacts/%00`,
  `${BASE}/contacts/%c0%ae%c0%ae`,
  `${BASE}/contacts/%zz`,
  `${BASE}/contacts/%`,
  `${BASE}/contacts#x`,
  `${BASE}/../plugin-gateway/plugin-crm/contacts`,
  `http://evil.example${BASE}/contacts`,
  `https://x${BASE}/contacts`,
  '*',
])('%s gets 400, and nothing reaches the plugin', async (target) => {
  const before = plugin.seen.length;
  expect(await get(target)).toMatch(/^HTTP\/1\.1 400 /);
  expect(plugin.seen).toHaveLength(before);
});

it.each([`${BASE}/contacts/secret`, `${BASE}/contacts/%73ecret`, `${BASE}/%63ontacts/secre%74`])(
  '%s does not become a parameter: it is for plugins alone',
  async (target) => {
    const answer = await get(target);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain('"code":"users-not-allowed"');
  },
);

it('what arrives is what was matched, below the base URL', async () => {
  expect(await get(`${BASE}/contacts/%41%2Dz%c3%a9`)).toMatch(/^HTTP\/1\.1 200 /);
  expect(plugin.seen.at(-1)?.target).toBe('/crm/contacts/A-z%C3%A9');
});

it('the gateway’s own endpoints have no other readings either', async () => {
  expect(await get('/api/plugin-gateway/%2e/health')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await get('/api/plugin-gateway/plugins/..%2fhealth')).toMatch(/^HTTP\/1\.1 400 /);
});
