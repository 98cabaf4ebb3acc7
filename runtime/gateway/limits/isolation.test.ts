import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import type { LimitsConfig } from '../config/gateway-config.ts';
import { configOf, upstreamOf } from '../config/testing/config-of.ts';
import { createManualClock } from '../instances/testing/manual-clock.ts';
import { type Closing, createIsolation, limitsOf } from './isolation.ts';

const LIMITS: LimitsConfig = { maxConcurrent: 1, maxQueue: 2, queueTimeout: 1_500 };

/** The client's side of a request. */
class Client extends EventEmitter implements Closing {
  closed = false;

  close(): void {
    this.closed = true;
    this.emit('close');
  }
}

function setUp(limits = LIMITS) {
  const clock = createManualClock();
  const isolation = createIsolation(clock);
  /** What became of a request, as soon as that is known. */
  function enter(tenantId = 'acme', more: Partial<LimitsConfig> = {}, pluginId = 'crm') {
    const client = new Client();
    const request = { client, outcome: 'waits' };
    const entered = isolation.enter(pluginId, { ...limits, ...more }, tenantId, client);
    if (entered === undefined) request.outcome = 'entered';
    entered?.then(
      () => {
        request.outcome = 'entered';
      },
      (error) => {
        request.outcome = error.code;
      },
    );
    return request;
  }
  return { clock, isolation, enter };
}

const settled = () => new Promise(setImmediate);

it('a place is there at once while one is free, and is given back once', async () => {
  const { isolation, enter } = setUp();
  const first = enter();
  expect(first.outcome).toBe('entered');
  const second = enter();
  expect(isolation.report()).toEqual([{ pluginId: 'crm', inFlight: 1, waiting: 1 }]);
  first.client.close();
  first.client.emit('close');
  await settled();
  expect(second.outcome).toBe('entered');
  expect(isolation.report()).toEqual([{ pluginId: 'crm', inFlight: 1, waiting: 0 }]);
  second.client.close();
  expect(isolation.report()).toEqual([{ pluginId: 'crm', inFlight: 0, waiting: 0 }]);
});

it('one plugin has nothing to do with another', () => {
  const { enter } = setUp();
  expect(enter().outcome).toBe('entered');
  expect(enter().outcome).toBe('waits');
  expect(enter('acme', {}, 'analytics').outcome).toBe('entered');
});

it('who finds the queue full is told so', async () => {
  const { enter } = setUp();
  enter();
  enter();
  enter();
  const client = new Client();
  const isolation = createIsolation(createManualClock());
  isolation.enter('crm', { ...LIMITS, maxQueue: 0 }, 'acme', new Client());
  await expect(isolation.enter('crm', { ...LIMITS, maxQueue: 0 }, 'acme', client)).rejects.toMatchObject({
    code: 'plugin-busy',
    status: 503,
    headers: { 'retry-after': '2' },
    message: 'crm is busy: 1 request is under way at it, which is all that it may have; try again later',
  });
  const late = enter();
  await settled();
  expect(late.outcome).toBe('plugin-busy');
});

it('who waits too long is told so, and holds nothing then', async () => {
  const { clock, isolation, enter } = setUp();
  const first = enter();
  const second = enter();
  clock.advance(1_499);
  const third = enter();
  clock.advance(1);
  await settled();
  expect([second.outcome, third.outcome]).toEqual(['plugin-busy', 'waits']);
  expect(second.client.listenerCount('close')).toBe(0);
  first.client.close();
  await settled();
  expect(third.outcome).toBe('entered');
  expect(isolation.report()).toEqual([{ pluginId: 'crm', inFlight: 1, waiting: 0 }]);
  expect(clock.pending).toBe(0);
});

it('a client that goes while it waits leaves the queue', async () => {
  const { clock, isolation, enter } = setUp();
  enter();
  const waiting = enter();
  waiting.client.close();
  await settled();
  expect(waiting.outcome).toBe('client-gone');
  expect(isolation.report()).toEqual([{ pluginId: 'crm', inFlight: 1, waiting: 0 }]);
  expect(clock.pending).toBe(0);
});

it('a client that is gone already takes nothing', () => {
  const { isolation } = setUp();
  const client = new Client();
  client.close();
  expect(() => isolation.enter('crm', LIMITS, 'acme', client)).toThrow(
    expect.objectContaining({ code: 'client-gone' }),
  );
  expect(isolation.report()).toEqual([{ pluginId: 'crm', inFlight: 0, waiting: 0 }]);
});

it('tenants take turns, and one cannot fill the queue for another', async () => {
  const { enter } = setUp({ ...LIMITS, maxQueue: 3 });
  const first = enter('loud');
  const loud = [enter('loud'), enter('loud'), enter('loud')];
  const quiet = enter('quiet');
  await settled();
  expect(loud.map(({ outcome }) => outcome)).toEqual(['waits', 'waits', 'plugin-busy']);
  first.client.close();
  await settled();
  expect(loud[0]?.outcome).toBe('entered');
  loud[0]?.client.close();
  await settled();
  expect([quiet.outcome, loud[1]?.outcome]).toEqual(['entered', 'waits']);
});

it('limits follow a reload: more room lets in those who wait, less holds newcomers back', async () => {
  const { isolation, enter } = setUp();
  const requests = [enter(), enter(), enter()];
  const fourth = enter('acme', { maxConcurrent: 4 });
  await settled();
  expect([...requests, fourth].map(({ outcome }) => outcome)).toEqual(Array(4).fill('entered'));
  const fifth = enter('acme', { maxConcurrent: 2 });
  requests[0]?.client.close();
  requests[1]?.client.close();
  await settled();
  expect(fifth.outcome).toBe('waits');
  requests[2]?.client.close();
  await settled();
  expect(fifth.outcome).toBe('entered');
  expect(isolation.report()).toEqual([{ pluginId: 'crm', inFlight: 2, waiting: 0 }]);
});

it('a plugin has the limits of its upstream, and workers share them', () => {
  const upstreams = new Map([['crm', upstreamOf({ limits: { ...LIMITS, maxConcurrent: 10 } })]]);
  const config = configOf('/nowhere', { upstreams });
  expect(limitsOf(config, 'crm')).toEqual({ maxConcurrent: 10, maxQueue: 2, queueTimeout: 1_500 });
  expect(limitsOf(config, 'other')).toEqual({ maxConcurrent: 256, maxQueue: 256, queueTimeout: 1_000 });
  expect(limitsOf({ ...config, workers: 4 }, 'crm')).toMatchObject({ maxConcurrent: 3, maxQueue: 1 });
});
