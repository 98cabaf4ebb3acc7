import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { issueDevelopmentToken } from '../identity/development-provider.ts';
import { changeKeyFile, newKey } from '../identity/key-file.ts';
import { loadSigningKeys } from '../identity/keys.ts';
import { issuePluginToken } from '../identity/plugin-token.ts';
import { rotateKeys } from '../identity/rotate-keys.ts';
import { createTokenSigner } from '../identity/signed-token.ts';
import { ANALYTICS, CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const DAY = 24 * 3_600_000;
const CLAIMS = { tenant: 'tenant_id', user: 'sub', workspace: 'workspace_id', permissions: 'permissions' };

let folder: string;
let keysFile: string;
let crm: TestPlugin;
let analytics: TestPlugin;
/** Two that share their keys, as workers do: what the one signs, the other verifies. */
let first: TestGateway;
let second: TestGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-rotation-'));
  keysFile = join(folder, 'keys.json');
  crm = await startPlugin();
  analytics = await startPlugin();
  const options = {
    plugins: [CRM, ANALYTICS],
    upstreams: { 'plugin-crm': crm.url, 'plugin-analytics': analytics.url },
    config: { keysFile },
  };
  first = await startGateway(options);
  second = await startGateway(options);
});
afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await Promise.all([crm.close(), analytics.close()]);
  await rm(folder, { recursive: true });
});

/** As `plexica token` signs, with whatever key is the newest. */
const signer = async () => createTokenSigner(await loadSigningKeys(keysFile), Date.now);

async function userToken(): Promise<string> {
  const ada = { tenantId: 'acme', userId: 'ada', permissions: [] };
  return (await issueDevelopmentToken(await signer(), CLAIMS, ada, 60_000)).token;
}

async function rotate(retireAfter: number): Promise<void> {
  await changeKeyFile(keysFile, (keys) => [...rotateKeys(keys, newKey(Date.now()), retireAfter).keys]);
}

/** A user's request to analytics at the first gateway, which calls CRM at the second. Resolves to both statuses. */
async function request(user: string): Promise<string> {
  const answer = await fetch(`${first.url}/plugin-analytics/reports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user}` },
  });
  return `${answer.status} ${await answer.text()}`;
}

it('no request fails while keys are rotated, and what an old key signed goes on to count', async () => {
  let pluginToken = await first.pluginToken('plugin-analytics');
  analytics.answer = async (incoming, response) => {
    const context = String(incoming.headers['x-plexica-context']);
    const headers = { authorization: `Bearer ${pluginToken}`, 'x-plexica-context': context };
    const answer = await fetch(`${second.url}/plugin-crm/contacts`, { headers });
    await answer.text();
    response.end(String(answer.status));
  };
  const early = await userToken();
  const earlyPlugin = pluginToken;
  const answers: string[] = [];
  let isOver = false;
  const traffic = Array.from({ length: 6 }, async (_, at) => {
    // Some have a token of before, some a new one each time.
    while (!isOver) answers.push(await request(at % 2 === 0 ? early : await userToken()));
  });
  for (let rotation = 0; rotation < 10; rotation += 1) {
    const before = answers.length;
    await rotate(DAY);
    pluginToken = (await issuePluginToken(await signer(), 'plugin-analytics')).token;
    await expect.poll(() => answers.length, { interval: 5 }).toBeGreaterThan(before + 20);
  }
  pluginToken = earlyPlugin;
  answers.push(await request(early));
  isOver = true;
  await Promise.all(traffic);
  expect(answers.length).toBeGreaterThan(200);
  expect(new Set(answers)).toEqual(new Set(['200 200']));
  expect((await loadSigningKeys(keysFile)).byId.size).toBe(11);
});

it('what a retired key signed no longer counts, at every gateway that read its keys anew', async () => {
  const user = await userToken();
  const plugin = await second.pluginToken('plugin-analytics');
  const ask = async (gateway: TestGateway, token: string) =>
    (await fetch(`${gateway.url}/services`, { headers: { authorization: `Bearer ${token}` } })).status;
  for (const gateway of [first, second]) {
    expect([await ask(gateway, user), await ask(gateway, plugin)]).toEqual([200, 200]);
  }
  await rotate(0);
  for (const gateway of [first, second]) {
    await gateway.context.keys.refresh();
    expect([await ask(gateway, user), await ask(gateway, plugin)]).toEqual([401, 401]);
    expect(await ask(gateway, await userToken())).toBe(200);
    expect(await ask(gateway, await first.pluginToken('plugin-analytics'))).toBe(200);
  }
});
