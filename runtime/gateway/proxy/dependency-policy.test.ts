import type { RequestListener } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DependencyPolicy } from '../config/gateway-config.ts';
import { ok, startUpstream, type Upstream } from '../instances/testing/upstream.ts';
import { route, startGateway, type TestGateway, type TestGatewayOptions } from '../testing/start-gateway.ts';

/** Each requires the next: board → analytics → crm; `news` requires nothing. */
const PLUGINS: TestGatewayOptions['plugins'] = [
  { id: 'board', requires: ['analytics'], routes: [route('GET /x', { auth: false })] },
  {
    id: 'analytics',
    requires: ['crm'],
    routes: [route('GET /x', { auth: false }), route('POST /report', { auth: false })],
  },
  { id: 'crm', routes: [route('GET /x', { auth: false })] },
  { id: 'news', routes: [route('GET /x', { auth: false })] },
];
const HEALTH = { interval: 3_000, timeout: 2_000, slow: 1_000, rise: 1, fall: 1 };
let crm: Upstream;
let others: Upstream;
let gateway: TestGateway | undefined;

beforeEach(async () => {
  [crm, others] = await Promise.all([startUpstream(), startUpstream()]);
});
afterEach(async () => {
  await gateway?.close();
  await Promise.all([crm.close(), others.close()]);
});

it('by `fail` for all, whoever needs what is out gets 503 with the chain, and nobody else', async () => {
  await start({ config: { dependencyPolicy: 'fail', health: HEALTH } });
  expect(await all()).toEqual([200, 200, 200, 200]);
  await outage();
  expect(await call('board')).toEqual([
    503,
    'dependency-unavailable',
    'board requires analytics, which requires crm, which is not available: connection refused',
    '3',
  ]);
  expect(await call('analytics')).toEqual([
    503,
    'dependency-unavailable',
    'analytics requires crm, which is not available: connection refused',
    '3',
  ]);
  expect((await call('crm'))[1]).toBe('plugin-unavailable');
  expect(await call('news')).toEqual([200]);
  expect(stateOf('board')).toBe('UNAVAILABLE');
});

it('by `degrade` all go on, and the state says why they may not do their best', async () => {
  await start({ config: { dependencyPolicy: 'degrade', health: HEALTH } });
  await outage();
  expect(await all()).toEqual([200, 200, 503, 200]);
  expect(gateway?.context.instances.healthOf('board')).toMatchObject({
    state: 'DEGRADED',
    reasons: ['analytics is DEGRADED: crm is UNAVAILABLE: connection refused'],
  });
});

it.each<[DependencyPolicy, DependencyPolicy, number[]]>([
  ['degrade', 'fail', [503, 200, 503, 200]],
  ['fail', 'degrade', [200, 503, 503, 200]],
])('%s for all and %s for one', async (shared, own, statuses) => {
  await start({
    config: { health: HEALTH },
    policies: { analytics: shared, board: own },
  });
  await outage();
  expect(await all()).toEqual(statuses);
  expect([stateOf('board'), stateOf('analytics')]).toEqual(
    [own, shared].map((policy) => (policy === 'fail' ? 'UNAVAILABLE' : 'DEGRADED')),
  );
});

it.each<[string, RequestListener, number]>([
  ['says 503', (_, response) => void response.writeHead(503).end(), 503],
  ['answers too late', () => undefined, 504],
])('a plugin that %s for want of another goes on with what it can do without', async (_, answer, status) => {
  const health = { ...HEALTH, interval: 100 };
  await start({ config: { dependencyPolicy: 'degrade', health, timeout: 300 } });
  answerReports(answer);
  await outage();
  expect(await reports(6)).toEqual(Array(6).fill(status));
  expect(await all()).toEqual([200, 200, 503, 200]);
  expect(circuitOf('analytics')).toBe('closed');

  // With the other back there is no excuse.
  await crm.reopen();
  await gateway?.journal.until('crm-1 was UNAVAILABLE and is HEALTHY');
  await reports(5);
  expect(circuitOf('analytics')).toBe('open');
});

it('is no excuse for connections that break', async () => {
  await start({ config: { dependencyPolicy: 'degrade', health: HEALTH } });
  answerReports(({ socket }) => void socket.resetAndDestroy());
  await outage();
  expect(await reports(5)).toEqual(Array(5).fill(502));
  expect(circuitOf('analytics')).toBe('open');
});

it('ends with the outage', async () => {
  await start({ config: { dependencyPolicy: 'fail', health: { ...HEALTH, interval: 100 } } });
  await outage();
  expect((await call('board'))[1]).toBe('dependency-unavailable');
  await crm.reopen();
  await gateway?.journal.until('crm-1 was UNAVAILABLE and is HEALTHY');
  expect(await call('board')).toEqual([200]);
});

async function start({
  config = {},
  policies = {},
}: Pick<TestGatewayOptions, 'config'> & { policies?: Record<string, DependencyPolicy> }): Promise<void> {
  const upstreams = { board: others.url, analytics: others.url, crm: crm.url, news: others.url };
  const settings = Object.fromEntries(
    Object.keys(upstreams).map((id) => [
      id,
      { dependencyPolicy: policies[id] ?? config.dependencyPolicy ?? 'degrade' },
    ]),
  );
  gateway = await startGateway({ plugins: PLUGINS, upstreams, settings, config });
}

async function outage(): Promise<void> {
  await crm.close();
  await call('crm');
  await gateway?.journal.until('crm-1 was HEALTHY and is UNAVAILABLE');
}

async function all(): Promise<number[]> {
  const answers = await Promise.all(PLUGINS.map(({ id }) => call(id)));
  return answers.map(([status]) => status);
}

async function call(id: string): Promise<[number, string?, string?, (string | null)?]> {
  const answer = await fetch(`${gateway?.url}/${id}/x`);
  const text = await answer.text();
  if (answer.ok) return [answer.status];
  const { code, error } = JSON.parse(text) as { code: string; error: string };
  return [answer.status, code, error, answer.headers.get('retry-after')];
}

function answerReports(answer: RequestListener): void {
  others.answer = (request, response) => (request.url === '/report' ? answer : ok)(request, response);
}

/** Asks for so many reports, one after the other. */
async function reports(count: number): Promise<number[]> {
  const statuses: number[] = [];
  while (statuses.length < count) {
    const answer = await fetch(`${gateway?.url}/analytics/report`, { method: 'POST' });
    await answer.arrayBuffer();
    statuses.push(answer.status);
  }
  return statuses;
}

function circuitOf(id: string): string | undefined {
  return gateway?.context.instances.healthOf(id).instances[0]?.circuit;
}

function stateOf(id: string): string | undefined {
  return gateway?.context.instances.healthOf(id).state;
}
