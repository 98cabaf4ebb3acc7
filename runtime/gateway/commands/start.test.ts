import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createGatewayFolder, type GatewayFolder } from '../testing/gateway-folder.ts';
import { openConnection } from '../testing/raw-connection.ts';
import { CRM, route } from '../testing/start-gateway.ts';
import { type GatewayProcess, startGatewayProcess } from '../testing/start-gateway-process.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

/** Other tests may be at work. */
const PATIENCE = { timeout: 10_000 };
const PUBLIC = route('GET /public', { auth: false });

let folder: GatewayFolder;
let plugin: TestPlugin;
let gateway: GatewayProcess;

beforeAll(async () => {
  plugin = await startPlugin();
});
afterAll(() => plugin.close());
beforeEach(async () => {
  folder = await createGatewayFolder();
  await folder.writeYaml({ upstreams: { 'plugin-crm': { urls: [plugin.url] } } });
  await folder.writeTable([{ ...CRM, routes: [PUBLIC] }]);
  gateway = await startGatewayProcess(folder);
  await gateway.until('and is HEALTHY');
});
afterEach(async () => {
  gateway.child.kill('SIGKILL');
  await gateway.ended();
  await folder.remove();
});

const head = (path: string) => `GET /api/plugin-gateway${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

/** A request that the plugin has got, with what answers it. */
async function requestUnderWay() {
  const arrived = new Promise<() => void>((resolve) => {
    plugin.answer = (_, response) => resolve(() => response.end('done'));
  });
  const client = await openConnection(Number(new URL(gateway.url).port));
  client.write(head('/plugin-crm/public'));
  return { client, finish: await arrived };
}

it('reloads at SIGHUP, and goes on with what it has where that cannot be served', async () => {
  await folder.writeTable([{ ...CRM, routes: [PUBLIC, route('GET /new', { auth: false })] }]);
  gateway.child.kill('SIGHUP');
  await gateway.until('reloaded: 1 plugin changed, 1 route added');
  plugin.answer = (_, response) => void response.end();
  expect((await fetch(`${gateway.url}/plugin-crm/new`)).status).toBe(200);

  await folder.write('routes.json', '{"format":1,"plugins":[],"digest":"sha256:0"}');
  gateway.child.kill('SIGHUP');
  expect(await gateway.until('the reload was refused')).toMatchObject({
    reason: expect.stringContaining('routes.json'),
  });
  expect((await fetch(`${gateway.url}/plugin-crm/new`)).status).toBe(200);
});

it('is not ready from SIGTERM on, ends with the last request, and exits with 0', async () => {
  const { client, finish } = await requestUnderWay();
  const probe = await openConnection(Number(new URL(gateway.url).port));
  probe.write(head('/health'));
  await probe.until('"ok"');
  gateway.child.kill('SIGTERM');
  await gateway.until('the gateway stops when');
  probe.write(head('/ready'));
  expect(await probe.closed()).toMatch(/HTTP\/1\.1 503 .*"shutting-down"/s);
  await expect.poll(() => fetch(gateway.url).catch(() => 'refused'), PATIENCE).toBe('refused');
  finish();
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 .*done/s);
  expect(await gateway.ended()).toBe(0);
});

it('ends at once at the second signal', async () => {
  const { client } = await requestUnderWay();
  gateway.child.kill('SIGTERM');
  await gateway.until('the gateway stops when');
  // One that came right behind the first would be taken for the same.
  await new Promise((resolve) => setTimeout(resolve, 300));
  gateway.child.kill('SIGTERM');
  await gateway.until('the gateway stops at once');
  expect(await client.closed()).toBe('');
  expect(await gateway.ended()).toBe(0);
});
