import { afterAll, beforeAll, expect, it } from 'vitest';
import { sendRaw } from '../testing/raw-connection.ts';
import { CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

let plugin: TestPlugin;
let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  plugin = await startPlugin();
  gateway = await startGateway({ plugins: [CRM], upstreams: { 'plugin-crm': plugin.url } });
  token = await gateway.userToken();
});
afterAll(async () => {
  await gateway.close();
  await plugin.close();
});

const send = (path: string, ...lines: string[]) =>
  sendRaw(
    gateway.port,
    [`GET /api/plugin-gateway/plugin-crm${path} HTTP/1.1`, 'Host: gateway.example', ...lines, '', ''].join(
      '\r\n',
    ),
  );

/** Everything about identity that the plugin was told. */
function told(): Record<string, string[]> {
  const { rawHeaders } = plugin.seen.at(-1) ?? expect.fail('nothing arrived');
  const found: Record<string, string[]> = {};
  rawHeaders.forEach((name, at) => {
    const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
    if (at % 2 === 1 || !/^x-(tenant|user|workspace|caller|plexica)/.test(plain)) return;
    found[name] = [...(found[name] ?? []), rawHeaders[at + 1] ?? ''];
  });
  return found;
}

it.each([
  [
    'as they are',
    ['X-Tenant-ID: evil', 'X-User-ID: evil', 'X-Workspace-ID: evil', 'X-Caller-Plugin-ID: evil'],
  ],
  ['in other case', ['x-tenant-id: evil', 'X-USER-ID: evil', 'x-WorkSpace-id: evil']],
  [
    'with underscores',
    ['X_Tenant_ID: evil', 'x_user-id: evil', 'X-Workspace_Id: evil', 'X_CALLER_PLUGIN_ID: evil'],
  ],
  ['with dots', ['X.Tenant.ID: evil']],
  ['twice', ['X-Tenant-ID: evil', 'X-Tenant-ID: evil too']],
  ['with odd white space', ['X-Tenant-ID:evil', 'X-User-ID: \t evil \t']],
  ['of the gateway', ['X-Plexica-Context: evil', 'X_Plexica_Context: evil', 'X-Plexica-Anything: evil']],
])('identity headers sent %s do not arrive', async (_, lines) => {
  const answer = await send('/contacts', `Authorization: Bearer ${token}`, 'Connection: close', ...lines);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(told()).toEqual({
    'x-tenant-id': ['acme'],
    'x-user-id': ['ada'],
    'x-plexica-context': [expect.stringMatching(/^ey/)],
  });
});

it('Connection cannot take injected headers away', async () => {
  const named = 'Connection: close, x-tenant-id, x-user-id, x-plexica-context, x-request-id';
  expect(await send('/contacts', `Authorization: Bearer ${token}`, named)).toMatch(/^HTTP\/1\.1 200 /);
  expect(Object.keys(told())).toEqual(['x-tenant-id', 'x-user-id', 'x-plexica-context']);
  expect(plugin.seen.at(-1)?.headers['x-request-id']).toBeDefined();
});

it('nobody has an identity where no token is needed', async () => {
  const answer = await send('/public', 'Connection: close', 'X-Tenant-ID: evil', 'x_user_id: evil');
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(told()).toEqual({});
});

it('a token is worth something where none is needed, and a wrong one is refused', async () => {
  await send('/public', 'Connection: close', `Authorization: Bearer ${token}`);
  expect(told()).toMatchObject({ 'x-tenant-id': ['acme'] });
  expect(await send('/public', 'Connection: close', 'Authorization: Bearer x')).toMatch(/^HTTP\/1\.1 401 /);
});

it('credentials stay at the gateway, and where the client is comes from its connection', async () => {
  const lines = [
    'Cookie: a=b',
    'X-Forwarded-For: 10.1.1.1',
    'X-Forwarded-Host: evil',
    'Forwarded: for=10.1.1.1',
  ];
  await send('/contacts', `Authorization: Bearer ${token}`, 'Connection: close', ...lines);
  const { headers } = plugin.seen.at(-1) ?? expect.fail('nothing arrived');
  expect(headers).toMatchObject({
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'gateway.example',
    'x-forwarded-proto': 'http',
    'x-forwarded-prefix': '/api/plugin-gateway/plugin-crm',
    host: plugin.url.host,
  });
  for (const name of ['authorization', 'cookie', 'forwarded']) expect(headers[name]).toBeUndefined();
});

it.each(['Authorization: Bearer x', 'authorization: Basic dTpw', 'Host: other.example'])(
  'a second %s is refused',
  async (line) => {
    const answer = await send('/contacts', `Authorization: Bearer ${token}`, 'Connection: close', line);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"bad-header"');
  },
);
