import type { RouteTablePlugin } from '@plexica/types';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { configOf, upstreamOf } from '../config/testing/config-of.ts';
import { createInstances, HEARTBEAT, type Instances, type InstancesOptions } from './instances.ts';
import type { RegistrationChange } from './registration-change.ts';
import { createJournal, type Journal } from './testing/journal.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';
import { tableOf } from './testing/route-table.ts';
import { startUpstream, type Upstream } from './testing/upstream.ts';

type Plugins = readonly (Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>)[];

const HEALTH = { interval: 1_000_000, timeout: 5_000, slow: 5_000, rise: 1, fall: 1 };
let one: Upstream;
let two: Upstream;
let clock: ManualClock;
let journal: Journal;
let instances: Instances;
let told: RegistrationChange[];

beforeEach(async () => {
  [one, two] = [await startUpstream(), await startUpstream()];
  clock = createManualClock();
  journal = createJournal();
  told = [];
});
afterEach(async () => {
  await instances.stop();
  await one.close();
  await two.close();
});

describe('what a reload leaves as it is', () => {
  it('keeps its state, its connections and its plan of checks', async () => {
    await begin([one.url]);
    const [before] = instances.healthOf('crm').instances;
    const instance = instances.choose('crm');
    const timers = clock.pending;
    instances.reconcile(setup([one.url]));
    expect(instances.choose('crm')).toBe(instance);
    expect(instances.healthOf('crm').instances).toEqual([before]);
    expect(instances.unchecked()).toEqual([]);
    expect(clock.pending).toBe(timers);
    expect(one.asked).toEqual(['/health']);
  });

  it('another instance beside it is checked before it gets traffic', async () => {
    await begin([one.url]);
    instances.reconcile(setup([one.url, two.url]));
    expect(chosen()).toEqual(new Set(['crm-1']));
    expect(instances.unchecked()).toEqual([]);
    clock.advance(0);
    await journal.until('crm-2 was UNKNOWN and is HEALTHY');
    expect(chosen()).toEqual(new Set(['crm-1', 'crm-2']));
  });

  it('a registered instance goes on beside other URLs, as long as its origin is allowed', async () => {
    await begin([one.url], [two.url.origin]);
    const instance = instances.register('crm', two.url);
    instances.reconcile(setup([one.url], ['http://127.0.0.1:*']));
    expect(instances.register('crm', two.url)).toBe(instance);
    expect(told.map(({ kind }) => kind)).toEqual(['registered', 'registered']);
  });

  it('a URL that becomes a configured one is the instance that has registered there, and the other way round', async () => {
    await begin([one.url], ['http://127.0.0.1:*']);
    const instance = instances.register('crm', two.url);
    clock.advance(0);
    await journal.until('crm-2 was UNKNOWN and is HEALTHY');
    instances.reconcile(setup([two.url], ['http://127.0.0.1:*']));
    expect(sources()).toEqual(['crm-2 configured']);
    instances.reconcile(setup([one.url], ['http://127.0.0.1:*']));
    expect(sources()).toEqual(['crm-2 registered', 'crm-3 configured']);
    expect(instances.choose('crm')).toBe(instance);
    clock.advance(HEARTBEAT.ttlMs);
    expect(sources()).toEqual(['crm-3 configured']);
  });

  it('its checks go on with other settings', async () => {
    await begin([one.url]);
    instances.reconcile(setup([one.url], [], { health: { ...HEALTH, interval: 1_000 } }));
    one.answer = (_, response) => response.writeHead(500).end();
    clock.advance(1_000);
    await journal.until('crm-1 was HEALTHY and is UNAVAILABLE');
  });

  it('its checks go on at another health path, at once', async () => {
    await begin([one.url]);
    instances.reconcile(setup([one.url], [], {}, [{ id: 'crm', healthPath: '/ready' }]));
    expect(instances.choose('crm')?.id).toBe('crm-1');
    clock.advance(1_000);
    await vi.waitFor(() => expect(one.asked).toEqual(['/health', '/ready']));
  });
});

describe('an instance that the configuration no longer knows', () => {
  it('ends what is under way, and gets nothing more', async () => {
    await begin([one.url, two.url]);
    let finish = () => {};
    one.answer = (_, response) => {
      finish = () => response.end('late');
      response.flushHeaders();
    };
    const dispatcher = instanceOf('crm-1').dispatcher;
    const { body } = await dispatcher.request({ method: 'GET', path: '/slow' });
    instances.reconcile(setup([two.url]));
    expect(chosen()).toEqual(new Set(['crm-2']));
    finish();
    expect(await body.text()).toBe('late');
    await vi.waitFor(() => expect(dispatcher.closed).toBe(true));
    expect(journal.lines.at(-1)).toMatchObject({ reason: 'plexica.yaml no longer names or allows it' });
  });

  it('serves until the one that takes its place has been checked', async () => {
    await begin([one.url]);
    instances.reconcile(setup([two.url]));
    expect(instances.choose('crm')?.id).toBe('crm-1');
    expect(instances.healthOf('crm').state).toBe('HEALTHY');
    clock.advance(0);
    await journal.until('crm-2 was UNKNOWN and is HEALTHY');
    expect(sources()).toEqual(['crm-2 configured']);
    expect(chosen()).toEqual(new Set(['crm-2']));
  });

  it('does not serve for one that is down', async () => {
    await begin([one.url]);
    await two.close();
    instances.reconcile(setup([two.url]));
    clock.advance(0);
    await journal.until('crm-2 was UNKNOWN and is UNAVAILABLE');
    expect(instances.choose('crm')).toBeUndefined();
    expect(sources()).toEqual(['crm-2 configured']);
  });

  it('leaves at once where none is to come', async () => {
    await begin([one.url]);
    instances.reconcile(setup([]));
    expect(instances.choose('crm')).toBeUndefined();
    expect(instances.healthOf('crm')).toMatchObject({
      state: 'UNAVAILABLE',
      reasons: ['no instance is configured or registered'],
    });
  });

  it('leaves when its origin is no longer allowed, and all are told', async () => {
    await begin([one.url], [two.url.origin]);
    instances.register('crm', two.url);
    clock.advance(0);
    await journal.until('crm-2 was UNKNOWN and is HEALTHY');
    instances.reconcile(setup([one.url], ['http://10.0.0.1:*']));
    expect(sources()).toEqual(['crm-1 configured']);
    expect(chosen()).toEqual(new Set(['crm-1']));
    expect(told.at(-1)).toEqual({ kind: 'removed', pluginId: 'crm', baseUrl: two.url.href });
    expect(instances.heartbeat('crm', two.url)).toBe(false);
  });
});

describe('a plugin that the table no longer has', () => {
  it('serves those who came before for as long as they may take, and ends', async () => {
    await begin([one.url]);
    const instance = instances.choose('crm');
    instances.reconcile(setup([], [], {}, [{ id: 'mail' }]));
    expect(instances.healthOf('crm')).toMatchObject({ state: 'UNAVAILABLE', instances: [] });
    expect(instances.choose('crm')).toBe(instance);
    expect(() => instances.register('crm', two.url)).toThrow('declares no backend');
    clock.advance(9_999);
    expect(instances.choose('crm')).toBe(instance);
    clock.advance(1);
    expect(instances.choose('crm')).toBeUndefined();
    await vi.waitFor(() => expect(instance?.dispatcher.closed).toBe(true));
    expect(clock.pending).toBe(0);
  });

  it('is what it was when the table has it again in time, and has other ids when it has not', async () => {
    await begin([one.url]);
    const instance = instances.choose('crm');
    const without = setup([], [], {}, [{ id: 'mail' }]);
    instances.reconcile(without);
    clock.advance(5_000);
    instances.reconcile(setup([one.url]));
    clock.advance(60_000);
    expect(instances.choose('crm')).toBe(instance);

    instances.reconcile(without);
    clock.advance(60_000);
    instances.reconcile(setup([one.url]));
    expect(instances.unchecked()).toEqual(['crm']);
    clock.advance(0);
    await journal.until('crm-2 was UNKNOWN and is HEALTHY');
  });

  it('counts as gone when it has lost its backend', async () => {
    await begin([one.url]);
    instances.reconcile(setup([], [], {}, [{ id: 'crm', healthPath: null }]));
    expect(instances.healthOf('crm')).toMatchObject({ state: 'HEALTHY', instances: [] });
  });
});

it('nothing runs after stop, also of what was on its way out', async () => {
  await begin([one.url, two.url]);
  instances.reconcile(setup([two.url], [], {}, [{ id: 'mail' }]));
  await instances.stop();
  expect(clock.pending).toBe(0);
  expect(instances.choose('crm')).toBeUndefined();
});

it('how a plugin is follows the policy of the configuration', async () => {
  const plugins = [{ id: 'crm' }, { id: 'board', healthPath: null, requires: ['crm'] }];
  await begin([one.url], [], {}, plugins);
  expect(instances.healthOf('board').state).toBe('HEALTHY');
  instances.reconcile(setup([], [], {}, plugins));
  expect(instances.healthOf('board').state).toBe('DEGRADED');
  instances.reconcile(setup([], [], { dependencyPolicy: 'fail' }, plugins));
  expect(instances.healthOf('board').state).toBe('UNAVAILABLE');
  expect(instances.outagesOf('board')).toEqual([
    { pluginId: 'crm', via: [], reasons: ['no instance is configured or registered'] },
  ]);
});

/** All that are configured are well. */
async function begin(...given: Parameters<typeof setup>): Promise<void> {
  instances = createInstances({ ...setup(...given), log: journal.log, clock });
  instances.onRegistration((change) => told.push(change));
  instances.start();
  clock.advance(0);
  for (const _ of given[0]) await journal.until('and is HEALTHY');
}

function setup(
  urls: readonly URL[],
  allowRegistration: readonly string[] = [],
  rest: Partial<GatewayConfig> = {},
  plugins: Plugins = [{ id: 'crm' }],
): Pick<InstancesOptions, 'table' | 'config'> {
  const upstreams = new Map([['crm', upstreamOf({ urls, allowRegistration })]]);
  return {
    table: tableOf(plugins),
    config: configOf('/nowhere', { upstreams, health: HEALTH, drain: 10_000, ...rest }),
  };
}

function sources(): string[] {
  return instances.healthOf('crm').instances.map(({ id, source }) => `${id} ${source}`);
}

function chosen(): Set<string | undefined> {
  return new Set([1, 2, 3, 4].map(() => instances.choose('crm')?.id));
}

function instanceOf(id: string) {
  const found = [1, 2, 3, 4].map(() => instances.choose('crm')).find((instance) => instance?.id === id);
  if (found === undefined) throw new Error(`${id} gets no traffic`);
  return found;
}
