import { Pool } from 'undici';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Clock } from './clock.ts';
import type { Instance } from './instance.ts';
import { type Monitor, type MonitorPlan, monitorInstance } from './monitor-instance.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';
import { startUpstream, type Upstream } from './testing/upstream.ts';

const PLAN: MonitorPlan = {
  healthPath: '/health',
  settings: { interval: 10_000, timeout: 5_000, slow: 5_000, rise: 1, fall: 2 },
  versions: { pluginId: 'crm', plugin: '1.0.0', services: new Map(), callers: [] },
};
let upstream: Upstream;
let dispatcher: Pool;
let clock: ManualClock;
let waits: number[];
let monitor: Monitor;
let chance: number;

beforeEach(async () => {
  upstream = await startUpstream();
  dispatcher = new Pool(upstream.url.origin);
  clock = createManualClock();
  waits = [];
  chance = 0;
  const noted: Clock = {
    ...clock,
    random: () => chance,
    after(ms, run) {
      waits.push(Math.round(ms));
      return clock.after(ms, run);
    },
  };
  const instance: Instance = {
    id: 'crm-1',
    pluginId: 'crm',
    baseUrl: upstream.url,
    basePath: '',
    dispatcher,
    freshConnections: dispatcher,
  };
  monitor = monitorInstance({ instance, plan: PLAN, clock: noted, onChange: () => undefined });
});
afterEach(async () => {
  await monitor.stop();
  await dispatcher.destroy();
  await upstream.close();
});

it('waits at most `interval`, and up to a tenth less, by chance', async () => {
  for (const [given, wait] of [
    [0, 10_000],
    [0.5, 9_500],
    [0.999, 9_001],
  ] as const) {
    chance = given;
    await check();
    expect(waits.at(-1)).toBe(wait);
  }
});

it('an instance that failed once is asked again five times as soon', async () => {
  await check();
  upstream.answer = (_, response) => response.writeHead(500).end();
  await check();
  expect(waits.at(-1)).toBe(2_000);
  expect(monitor.health.state).toBe('HEALTHY');
  await check();
  expect(monitor.health.state).toBe('UNAVAILABLE');
});

it('another interval holds at once, counted from the last check, and the state stays', async () => {
  await check();
  clock.advance(4_000);
  monitor.follow({ ...PLAN, settings: { ...PLAN.settings, interval: 5_000 } });
  expect(waits.at(-1)).toBe(1_000);
  expect(monitor.health.state).toBe('HEALTHY');
  monitor.follow({ ...PLAN, settings: { ...PLAN.settings, interval: 2_000 } });
  expect(waits.at(-1)).toBe(0);
  expect(upstream.asked).toHaveLength(1);
});

it('other thresholds hold from the next check on', async () => {
  await check();
  monitor.follow({ ...PLAN, settings: { ...PLAN.settings, fall: 1 } });
  upstream.answer = (_, response) => response.writeHead(500).end();
  await check();
  expect(monitor.health.state).toBe('UNAVAILABLE');
});

it('another health path is asked at once, and what was known holds until it answers', async () => {
  await check();
  clock.advance(1_000);
  monitor.follow({ ...PLAN, healthPath: '/ready' });
  expect(waits.at(-1)).toBe(0);
  expect(monitor.health.state).toBe('HEALTHY');
  await check();
  expect(upstream.asked).toEqual(['/health', '/ready']);
});

it('the same plan changes nothing', async () => {
  await check();
  const planned = waits.length;
  monitor.follow({ ...PLAN, settings: { ...PLAN.settings } });
  expect(waits).toHaveLength(planned);
});

it('tells when it was checked by the time of day, also after that was set', async () => {
  await check();
  expect(monitor.lastCheck?.at).toBe(Date.UTC(2026, 0, 1));
  const later = Date.UTC(2026, 0, 2);
  clock.setTimeOfDay(later);
  await check();
  expect(monitor.lastCheck).toEqual({ at: later + 10_000, latencyMs: 0 });
});

/** Lets the next check come, and its outcome. */
async function check(): Promise<void> {
  const before = waits.length;
  clock.advance(waits.at(-1) ?? 0);
  await vi.waitFor(() => expect(waits.length).toBeGreaterThan(before));
}
