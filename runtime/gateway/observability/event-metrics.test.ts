import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ask, cloudEvent, PUBLISHER, readStream, SUBSCRIBER } from '../events/testing/events-api.ts';
import { issuePlatformToken } from '../identity/platform-token.ts';
import { createTokenSigner } from '../identity/signed-token.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../testing/start-plugin.ts';
import { parseExposition } from './testing/parse-exposition.ts';

const HOOKED = { id: 'sample-analytics', hooks: ['user.login'] };
const GROUPS = ['plugin-crm', 'plugin-analytics', 'hooks:sample-analytics'];

let counter: TestPlugin;
let gateway: TestGateway;
beforeEach(async () => {
  counter = await startPlugin();
  gateway = await startGateway({
    plugins: [PUBLISHER, SUBSCRIBER, HOOKED],
    upstreams: { 'sample-analytics': counter.url },
  });
});
afterEach(async () => {
  await gateway.close();
  await counter.close();
});

const scrape = async () => parseExposition((await gateway.context.metrics.expose()).text);

async function publish(...ids: string[]): Promise<void> {
  const context = await gateway.context.contexts.issue({ tenantId: 'acme', permissions: [] }, 'plugin-crm');
  const events = ids.map((id) => cloudEvent({ id, plexicacontext: context }));
  const crm = await gateway.pluginToken('plugin-crm');
  expect((await ask(gateway.url, crm, '/events', events)).status).toBe(202);
}

async function login(): Promise<void> {
  const { token } = await issuePlatformToken(createTokenSigner(gateway.keys, Date.now));
  const event = cloudEvent({ source: '/platform', type: 'user.login', data: { userId: 'ada' } });
  expect((await ask(gateway.url, token, '/events', event)).status).toBe(202);
}

it('counts what is published and new, by who publishes it', async () => {
  await publish('e1', 'e2');
  await publish('e2');
  await login();
  const metrics = await scrape();
  const crm = { publisher: 'plugin-crm', event: 'crm.contact.created' };
  expect(metrics.value('plexica_events_published_total', crm)).toBe(2);
  const platform = { publisher: 'platform', event: 'user.login' };
  expect(metrics.value('plexica_events_published_total', platform)).toBe(1);
});

it('tells how much a group has before it, and what becomes of it', async () => {
  const none = await scrape();
  for (const group of GROUPS) expect(none.value('plexica_event_lag', { group })).toBe(0);
  await publish('e1', 'e2', 'e3');
  const token = await gateway.pluginToken('plugin-analytics');
  const stream = await readStream(gateway.url, token);
  const seqs = [await stream.next(), await stream.next()].map((one) => one?.seq);
  const letter = { seq: seqs[0], reason: 'in my own words', error: 'no', attempts: 1, failedAt: 'now' };
  const done = { stream: stream.id, settled: seqs, deadLetters: [letter] };
  expect((await ask(gateway.url, token, '/events/acknowledgements', done)).status).toBe(200);
  stream.close();

  const metrics = await scrape();
  const group = 'plugin-analytics';
  expect(metrics.value('plexica_events_settled_total', { group })).toBe(2);
  expect(metrics.value('plexica_event_lag', { group })).toBe(1);
  expect(metrics.value('plexica_event_lag_seconds', { group })).toBeGreaterThan(0);
  expect(metrics.value('plexica_dead_letters_kept', { group })).toBe(1);
  expect(metrics.value('plexica_dead_letters_total', { group, reason: 'other' })).toBe(1);
});

it('counts what hooks do, attempt by attempt', async () => {
  counter.answer = (_, response) => void response.writeHead(500).end();
  await login();
  await gateway.journal.until('a hook was given up');
  const group = 'hooks:sample-analytics';
  await vi.waitUntil(async () => (await scrape()).value('plexica_event_lag', { group }) === 0);
  const metrics = await scrape();
  expect(metrics.value('plexica_event_failures_total', { group })).toBe(2);
  expect(metrics.value('plexica_dead_letters_total', { group, reason: 'handler-failed' })).toBe(1);
  expect(metrics.value('plexica_events_settled_total', { group })).toBe(1);
});

it('forgets groups and publishers that are no longer served', async () => {
  const { metrics } = gateway.context;
  await publish('e1');
  metrics.eventsSettled('hooks:plugin-gone', 1);
  metrics.eventPublished('plugin-gone', 'a.happened');
  expect((await metrics.expose()).text).not.toContain('plugin-gone');
});
