import { afterEach, beforeEach, expect, it } from 'vitest';
import { configOf, upstreamOf } from '../config/testing/config-of.ts';
import { createInstances, HEARTBEAT, type Instances } from './instances.ts';
import type { RegistrationChange } from './registration-change.ts';
import { createJournal } from './testing/journal.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';
import { tableOf } from './testing/route-table.ts';

const PLACE = new URL('http://127.0.0.1:1/base');
let clock: ManualClock;
/** Two processes of one gateway. */
let here: Instances;
let there: Instances;

beforeEach(() => {
  clock = createManualClock();
  [here, there] = [processOf(), processOf()];
  here.onRegistration((change) => there.applyRegistration(change));
  there.onRegistration((change) => here.applyRegistration(change));
});
afterEach(async () => {
  await Promise.all([here.stop(), there.stop()]);
});

it('what is registered, renewed and taken out at one is so at the other', () => {
  here.register('crm', new URL('/base/', PLACE));
  expect(known()).toEqual([1, 1]);
  clock.advance(HEARTBEAT.ttlMs - 1);
  expect(there.heartbeat('crm', PLACE)).toBe(true);
  clock.advance(HEARTBEAT.ttlMs - 1);
  expect(known()).toEqual([1, 1]);
  expect(there.deregister('crm')).toEqual({ removed: 1, kept: 0 });
  expect(known()).toEqual([0, 0]);
});

it('every process sees by itself that no heartbeat comes', () => {
  here.register('crm', PLACE);
  const told: RegistrationChange[] = [];
  here.onRegistration((change) => told.push(change));
  clock.advance(HEARTBEAT.ttlMs);
  expect(known()).toEqual([0, 0]);
  expect(told).toEqual([]);
});

it('a process that has not heard of an instance takes its heartbeat for a registration', () => {
  const late = processOf();
  expect(late.applyRegistration({ kind: 'renewed', pluginId: 'crm', baseUrl: PLACE.href })).toBe(true);
  expect(late.healthOf('crm').instances).toMatchObject([{ source: 'registered', state: 'UNKNOWN' }]);
  return late.stop();
});

it.each<[string, Partial<RegistrationChange>]>([
  ['a plugin that is not in the table', { pluginId: 'gone' }],
  ['a plugin without a backend', { pluginId: 'menu' }],
  ['an origin that is not allowed', { baseUrl: 'http://10.0.0.1:1/' }],
  ['what is no URL', { baseUrl: 'crm' }],
])('leaves out %s', (_name, change) => {
  const given = { kind: 'registered', pluginId: 'crm', baseUrl: PLACE.href, ...change } as const;
  expect(here.applyRegistration(given)).toBe(false);
  expect(here.applyRegistration({ ...given, kind: 'renewed' })).toBe(false);
  expect(here.healthOf('crm').instances).toEqual([]);
});

it('leaves out an instance too many, and everything after the end', async () => {
  for (let number = 0; number < 100; number += 1) here.register('crm', new URL(`/${number}`, PLACE));
  const change: RegistrationChange = { kind: 'registered', pluginId: 'crm', baseUrl: PLACE.href };
  expect(here.applyRegistration(change)).toBe(false);
  expect(known()).toEqual([100, 100]);
  await there.stop();
  expect(there.applyRegistration(change)).toBe(false);
});

function known(): number[] {
  return [here, there].map((instances) => instances.healthOf('crm').instances.length);
}

function processOf(): Instances {
  return createInstances({
    table: tableOf([{ id: 'crm' }, { id: 'menu', healthPath: null }]),
    config: configOf('/nowhere', {
      upstreams: new Map([['crm', upstreamOf({ allowRegistration: ['http://127.0.0.1:*'] })]]),
    }),
    log: createJournal().log,
    clock,
  });
}
