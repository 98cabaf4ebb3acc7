import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configOf, upstreamOf } from '../config/testing/config-of.ts';
import { createInstances, HEARTBEAT, type Instances } from './instances.ts';
import { createJournal, type Journal } from './testing/journal.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';
import { tableOf } from './testing/route-table.ts';
import { startUpstream, type Upstream } from './testing/upstream.ts';

let upstream: Upstream;
let clock: ManualClock;
let journal: Journal;
let instances: Instances;

beforeEach(async () => {
  upstream = await startUpstream();
  clock = createManualClock();
  journal = createJournal();
  instances = createInstances({
    table: tableOf([{ id: 'crm' }]),
    config: configOf('/nowhere', {
      upstreams: new Map([['crm', upstreamOf({ urls: [configured()] })]]),
      health: { interval: 1_000_000, timeout: 5_000, slow: 5_000, rise: 2, fall: 3 },
    }),
    log: journal.log,
    clock,
  });
});

afterEach(async () => {
  await instances.stop();
  await upstream.close();
});

describe('a registered instance', () => {
  it('is checked at once and gets traffic when it is well', async () => {
    const instance = instances.register('crm', upstream.url);
    expect(instances.choose('crm')).toBeUndefined();
    clock.advance(0);
    await journal.until('crm-1 was UNKNOWN and is HEALTHY');
    expect(instances.choose('crm')).toBe(instance);
    expect(instances.healthOf('crm').instances).toMatchObject([{ id: 'crm-1', source: 'registered' }]);
  });

  it('stays as long as heartbeats come, and no longer', async () => {
    instances.register('crm', upstream.url);
    clock.advance(0);
    await journal.until('is HEALTHY');
    for (let beat = 0; beat < 10; beat += 1) {
      clock.advance(HEARTBEAT.ttlMs - 1);
      expect(instances.heartbeat('crm', upstream.url)).toBe(true);
    }
    clock.advance(HEARTBEAT.ttlMs);
    expect(instances.choose('crm')).toBeUndefined();
    expect(instances.healthOf('crm').reasons).toEqual(['no instance is configured or registered']);
    expect(journal.lines.at(-1)).toMatchObject({ instance: 'crm-1', reason: 'no heartbeat came for 30 s' });
    expect(instances.heartbeat('crm', upstream.url)).toBe(false);
  });

  it('is renewed by registering again: the same instance, however its address is spelled', () => {
    const first = instances.register('crm', new URL('/base/', upstream.url));
    clock.advance(HEARTBEAT.ttlMs - 1);
    expect(instances.register('crm', new URL('/base?x=1#y', upstream.url))).toBe(first);
    clock.advance(HEARTBEAT.ttlMs - 1);
    expect(instances.healthOf('crm').instances).toHaveLength(1);
    expect(first.basePath).toBe('/base');
  });

  it('can be taken out, alone or with the others', () => {
    const other = new URL('/other', upstream.url);
    instances.register('crm', upstream.url);
    instances.register('crm', other);
    expect(instances.deregister('crm', new URL('/nowhere', upstream.url))).toEqual({ removed: 0, kept: 0 });
    expect(instances.deregister('crm', other)).toEqual({ removed: 1, kept: 0 });
    expect(instances.deregister('crm')).toEqual({ removed: 1, kept: 0 });
    expect(instances.healthOf('crm').instances).toEqual([]);
  });

  it('that plexica.yaml names too is that instance, and stays when heartbeats end or it is taken out', () => {
    instances.start();
    const instance = instances.register('crm', configured());
    expect(instance.id).toBe('crm-1');
    expect(instances.healthOf('crm').instances).toMatchObject([{ id: 'crm-1', source: 'configured' }]);
    clock.advance(HEARTBEAT.ttlMs * 2);
    expect(instances.deregister('crm')).toEqual({ removed: 0, kept: 1 });
    expect(instances.heartbeat('crm', configured())).toBe(true);
    expect(instances.healthOf('crm').instances).toHaveLength(1);
  });

  it('is one of a hundred at most', () => {
    for (let number = 0; number < 100; number += 1) {
      instances.register('crm', new URL(`/${number}`, upstream.url));
    }
    expect(() => instances.register('crm', new URL('/100', upstream.url))).toThrow('which is the most');
    expect(instances.register('crm', new URL('/99', upstream.url)).id).toBe('crm-100');
  });

  it('lets a request under way end when it is taken out', async () => {
    const { dispatcher } = instances.register('crm', upstream.url);
    let finish = () => {};
    upstream.answer = (_, response) => {
      finish = () => response.end('late');
      response.flushHeaders();
    };
    const { body } = await dispatcher.request({ method: 'GET', path: '/slow' });
    instances.deregister('crm');
    finish();
    expect(await body.text()).toBe('late');
  });
});

it('nothing runs after stop', async () => {
  instances.start();
  instances.register('crm', upstream.url);
  clock.advance(0);
  await instances.stop();
  expect(clock.pending).toBe(0);
  expect(instances.choose('crm')).toBeUndefined();
  expect(() => instances.register('crm', upstream.url)).toThrow('shutting down');
});

function configured(): URL {
  return new URL('/configured', upstream.url);
}
