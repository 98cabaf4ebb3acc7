import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadSigningKeys } from '../runtime/gateway/identity/keys.ts';
import { issuePluginToken } from '../runtime/gateway/identity/plugin-token.ts';
import { createTokenSigner } from '../runtime/gateway/identity/signed-token.ts';
import { createGatewayFolder, type GatewayFolder } from '../runtime/gateway/testing/gateway-folder.ts';
import {
  type GatewayProcess,
  startGatewayProcess,
} from '../runtime/gateway/testing/start-gateway-process.ts';
import { type EventProcessOptions, NUMBERED, TENANTS } from './support/embedded-event-process.ts';
import { type RunningProgram, startProgram } from './support/run-program.ts';

const PROGRAM = fileURLToPath(new URL('support/embedded-event-process.ts', import.meta.url));
/** Of each tenant. */
const EVENTS = 500;
const ALL = Array.from({ length: EVENTS }, (_, index) => index + 1);

let folder: GatewayFolder;
let gateway: GatewayProcess;
let programs: RunningProgram[];

beforeEach(async () => {
  programs = [];
  folder = await createGatewayFolder();
  await folder.writeYaml({ upstreams: { 'plugin-counter': { actAsTenants: ['*'] } } });
  await folder.writeTable([
    { id: 'plugin-counter', publishes: [NUMBERED] },
    { id: 'plugin-ledger', subscribes: [NUMBERED] },
  ]);
  gateway = await startGatewayProcess(folder);
  for (const name of ['said', 'heard']) await writeFile(join(folder.path, name), '');
});

afterEach(async () => {
  await Promise.all(programs.map((program) => program.stop('SIGKILL')));
  gateway.child.kill('SIGKILL');
  await gateway.ended();
  await folder.remove();
});

it('loses nothing when the gateway is killed, and keeps the order', async () => {
  const [publisher] = await Promise.all([start('publisher'), start('subscriber')]);
  await reached('said', EVENTS);
  gateway.child.kill('SIGKILL');
  await gateway.ended();
  const { port } = new URL(gateway.url);
  gateway = await startGatewayProcess(folder, '--port', port);
  await publisher.printed(/done/);
  await reached('heard', EVENTS * TENANTS.length);
  await expectAll();
});

it('loses nothing when subscribers are killed, and keeps the order', async () => {
  const publisher = await start('publisher');
  for (const share of [0.2, 0.4, 0.6]) {
    const subscriber = await start('subscriber');
    await reached('heard', Math.floor(EVENTS * TENANTS.length * share));
    await subscriber.stop('SIGKILL');
  }
  await start('subscriber');
  await publisher.printed(/done/);
  await expectAll();
});

it('loses nothing of what a publisher was told that it is kept, and nothing doubles', async () => {
  await start('subscriber');
  const first = await start('publisher');
  await reached('said', EVENTS);
  await first.stop('SIGKILL');
  // It does not know of the last ones, and says them once more.
  const said = await numbers('said');
  const from = Math.min(...TENANTS.map((tenant) => said.get(tenant)?.at(-1) ?? 0));
  await (await start('publisher', from)).printed(/done/);
  await expectAll();
  expect((await lines('heard')).length).toBe(EVENTS * TENANTS.length);
});

async function start(role: EventProcessOptions['role'], from = 1): Promise<RunningProgram> {
  const signer = createTokenSigner(
    await loadSigningKeys(join(folder.path, '.plexica', 'keys.json')),
    Date.now,
  );
  const { token } = await issuePluginToken(signer, role === 'publisher' ? 'plugin-counter' : 'plugin-ledger');
  const options: EventProcessOptions = {
    role,
    gatewayUrl: new URL(gateway.url).origin,
    token,
    file: join(folder.path, role === 'publisher' ? 'said' : 'heard'),
    range: [from, EVENTS],
  };
  const program = startProgram([PROGRAM, JSON.stringify(options)], { folder: folder.path });
  programs.push(program);
  await program.printed(/ready/);
  return program;
}

/** What was first heard of each tenant is everything, in order; what comes again was heard before. */
async function expectAll(): Promise<void> {
  await vi.waitFor(async () => {
    const heard = await numbers('heard');
    for (const tenant of TENANTS) expect([...new Set(heard.get(tenant))]).toEqual(ALL);
  }, PATIENTLY);
}

const PATIENTLY = { timeout: 60_000, interval: 50 };

async function reached(file: string, count: number): Promise<void> {
  await vi.waitUntil(async () => (await lines(file)).length >= count, PATIENTLY);
}

async function numbers(file: string): Promise<ReadonlyMap<string, number[]>> {
  const byTenant = new Map<string, number[]>(TENANTS.map((tenant) => [tenant, []]));
  for (const line of await lines(file)) {
    const [tenant = '', n] = line.split(' ');
    byTenant.get(tenant)?.push(Number(n));
  }
  return byTenant;
}

async function lines(file: string): Promise<readonly string[]> {
  return (await readFile(join(folder.path, file), 'utf8')).split('\n').slice(0, -1);
}
