import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile, diskHost } from '@plexica/compiler';
import { type BoundGatewayClient, createGatewayClient } from '@plexica/sdk';
import type { RouteTable } from '@plexica/types';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startGateway } from '../runtime/gateway/testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../runtime/gateway/testing/start-plugin.ts';

const CONTACT = { type: 'object', properties: { id: { type: 'string' } } };
const ANALYTICS = {
  id: 'plugin-analytics',
  name: 'Analytics',
  version: '1.0.0',
  backend: { endpoints: [{ method: 'POST', path: '/reports' }] },
  api: { dependencies: [{ pluginId: 'plugin-crm', serviceName: 'crm.contacts', version: '>=1.0.0' }] },
};

function crm(version: string, endpoints: readonly object[], schemas: object = { Contact: CONTACT }): object {
  const services = [{ name: 'crm.contacts', version, endpoints }];
  return { id: 'plugin-crm', name: 'CRM', version: '1.0.0', schemas, backend: {}, api: { services } };
}

const list = { method: 'GET', path: '/contacts', returns: { list: { $ref: '#/schemas/Contact' } } };
const get = { method: 'GET', path: '/contacts/:id', returns: { data: { $ref: '#/schemas/Contact' } } };
const other = { ...CONTACT, required: ['id'] };

let folder: string;
let plugin: TestPlugin;
/** The generated client of a plugin that was built when CRM had version 1.2.0, with both endpoints. */
let client: (gateway: BoundGatewayClient) => {
  list(): Promise<unknown>;
  get(input: { id: string }): Promise<unknown>;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-contracts-'));
  plugin = await startPlugin();
  plugin.answer = (_, response) => response.end('{"success":true,"data":[],"total":0}');
  const files = await build('then', crm('1.2.0', [list, get]));
  const file = join(folder, 'crm-contacts.ts');
  await writeFile(file, files.get('clients/services/crm.contacts.ts') ?? '');
  client = (await import(pathToFileURL(file).href)).crmContacts;
});
afterAll(async () => {
  await plugin.close();
  await rm(folder, { recursive: true });
});

it.each<[string, object]>([
  ['nothing', crm('1.2.0', [list, get])],
  ['words', crm('1.2.0', [{ ...get, description: 'One' }, list])],
  ['the name of a schema', renamed(crm('1.2.0', [list, get]))],
  ['another endpoint, whatever the version', crm('2.0.0', [list, { ...get, returns: { message: true } }])],
])('a client goes on where there changed %s', async (_, now) => {
  const { call, notices } = await connect(now);
  await expect(call.list()).resolves.toEqual({ items: [], total: 0 });
  expect(notices()).toEqual([]);
});

it('a client goes on, and is spoken of, where a later version is compatible', async () => {
  const { call, notices } = await connect(crm('1.3.0', [list, get], { Contact: other }));
  await call.list();
  await call.get({ id: '1' });
  expect(notices()).toEqual([
    expect.stringContaining(
      'plugin-analytics was made from crm.contacts 1.2.0, and plugin-crm now has 1.3.0',
    ),
  ]);
});

it.each([
  ['2.0.0', 'plugin-crm now has 2.0.0, which ^1.2.0 does not cover'],
  ['1.2.0', 'plugin-crm changed what this call means without another version'],
  ['1.1.0', 'plugin-crm still has 1.1.0 here'],
])('a client is told to be built anew where another contract is served as %s', async (version, words) => {
  const { call } = await connect(crm(version, [list, get], { Contact: other }));
  const before = plugin.seen.length;
  await expect(call.list()).rejects.toMatchObject({
    name: 'ServiceCallError',
    status: 409,
    code: 'contract-mismatch',
    message: expect.stringContaining(words),
  });
  expect(plugin.seen).toHaveLength(before);
});

/** The client's calls in the name of plugin-analytics, at a gateway that serves the CRM of now. */
async function connect(now: object) {
  const files = await build('now', now);
  // What the compiler writes, the gateway's own tests hold against its schema.
  const table = JSON.parse(files.get('routes.json') ?? '') as RouteTable;
  const gateway = await startGateway({
    plugins: table.plugins,
    upstreams: { 'plugin-crm': plugin.url },
  });
  onTestFinished(() => gateway.close());
  const caller = createGatewayClient({
    pluginId: 'plugin-analytics',
    gatewayUrl: new URL(gateway.url).origin,
    token: await gateway.pluginToken('plugin-analytics'),
  });
  const tenant = { tenantId: 'acme', permissions: [] };
  const context = await gateway.context.contexts.issue(tenant, 'plugin-analytics');
  const headers = { 'x-tenant-id': 'acme', 'x-plexica-context': context };
  return {
    call: client(caller.forRequest({ headers })),
    notices: () =>
      gateway.journal.lines.filter(({ msg }) => msg.includes('was made from')).map(({ msg }) => msg),
  };
}

/** What `plexica build` would write, by path. */
async function build(name: string, crmManifest: object): Promise<ReadonlyMap<string, string>> {
  const workspace = join(folder, name);
  const files = {
    'plexica.yaml': 'plugins: ["*/plugin.json"]\n',
    'crm/plugin.json': JSON.stringify(crmManifest),
    'analytics/plugin.json': JSON.stringify(ANALYTICS),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(join(workspace, path), text);
  }
  const compilation = await compile(diskHost(workspace, {}));
  const errors = compilation.diagnostics.filter(({ kind }) => kind.severity === 'error');
  expect(errors.map(({ message }) => message)).toEqual([]);
  return new Map(compilation.files.map(({ path, text }) => [path, text]));
}

function renamed(manifest: object): object {
  return JSON.parse(JSON.stringify(manifest).replaceAll('Contact"', 'Person"'));
}
