import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ANALYTICS, CRM, startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const SERVED = digest('0');

let crm: TestPlugin;
let analytics: TestPlugin;
let gateway: TestGateway;
let asAnalytics: Record<string, string>;
beforeAll(async () => {
  crm = await startPlugin();
  analytics = await startPlugin();
  gateway = await startGateway({
    plugins: [CRM, ANALYTICS],
    upstreams: { 'plugin-crm': crm.url, 'plugin-analytics': analytics.url },
  });
  const headers = { authorization: `Bearer ${await gateway.userToken()}` };
  await fetch(`${gateway.url}/plugin-analytics/reports`, { method: 'POST', headers });
  asAnalytics = {
    authorization: `Bearer ${await gateway.pluginToken('plugin-analytics')}`,
    'x-plexica-context': String(analytics.seen.at(-1)?.headers['x-plexica-context']),
  };
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([crm.close(), analytics.close()]);
});
let before: number;
beforeEach(() => {
  before = crm.seen.length;
});

async function contacts(headers: Record<string, string>) {
  const answer = await fetch(`${gateway.url}/plugin-crm/contacts`, { headers });
  const text = await answer.text();
  return { status: answer.status, ...(text.startsWith('{') ? JSON.parse(text) : {}) };
}

const madeFrom = (version: string, service: string) => ({
  ...asAnalytics,
  'x-plexica-contract': `crm.contacts@${version} ${service} ${digest('f')}`,
});

it('serves a client of the same contract, and keeps from the plugin what is between client and gateway', async () => {
  const spelt = { ...madeFrom('1.2.0', SERVED), X_Plexica_Contract: 'x' };
  expect(await contacts(spelt)).toEqual({ status: 200 });
  expect(crm.seen).toHaveLength(before + 1);
  const { rawHeaders } = crm.seen.at(-1) ?? expect.fail('nothing arrived');
  expect(rawHeaders.map((each) => each.toLowerCase()).filter((each) => /contract|sha256/.test(each))).toEqual(
    [],
  );
});

it('serves a client of an earlier, compatible one, counts it, and tells it once', async () => {
  for (let call = 0; call < 3; call += 1) {
    expect(await contacts(madeFrom('1.1.0', digest('1')))).toEqual({ status: 200 });
  }
  expect(await contacts(madeFrom('1.0.0', digest('2')))).toEqual({ status: 200 });

  const told = gateway.journal.lines.filter(({ msg }) => msg.includes('which is compatible'));
  expect(told.map(({ caller, service, made, served }) => [caller, service, made, served])).toEqual([
    ['plugin-analytics', 'crm.contacts', '1.1.0', '1.2.0'],
    ['plugin-analytics', 'crm.contacts', '1.0.0', '1.2.0'],
  ]);
  const { text } = await gateway.context.metrics.expose();
  expect(text).toMatch(
    /^plexica_contract_differences_total\{caller="plugin-analytics",service="crm\.contacts"\} 4$/m,
  );
});

it('refuses a client of another one, before the plugin hears of it', async () => {
  expect(await contacts(madeFrom('2.0.0', digest('3')))).toMatchObject({
    status: 409,
    code: 'contract-mismatch',
    error: expect.stringMatching(
      /plugin-analytics.*crm\.contacts 2\.0\.0.*plugin-crm.*1\.2\.0.*plexica build/,
    ),
  });
  expect(crm.seen).toHaveLength(before);
});

it('refuses what no client sends', async () => {
  expect(await contacts({ ...asAnalytics, 'x-plexica-contract': 'crm.contacts' })).toMatchObject({
    status: 400,
    code: 'bad-header',
  });
  expect(crm.seen).toHaveLength(before);
});

it('takes no notice of what users say', async () => {
  const authorization = `Bearer ${await gateway.userToken()}`;
  expect(await contacts({ authorization, 'x-plexica-contract': 'nonsense' })).toEqual({ status: 200 });
  expect(crm.seen.at(-1)?.headers).not.toHaveProperty('x-plexica-contract');
});
