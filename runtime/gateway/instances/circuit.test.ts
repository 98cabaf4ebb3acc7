import { expect, it } from 'vitest';
import { type Circuit, type CircuitState, createCircuit } from './circuit.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';

const SETTINGS = { failures: 5, window: 10_000, open: 1_000 };

it('stays closed while fewer than so many fail, or fewer than half', () => {
  const { circuit } = setUp();
  fail(circuit, 4);
  expect(circuit.state).toBe('closed');
  succeed(circuit, 6);
  // 5 of 11.
  fail(circuit, 1);
  expect(circuit.state).toBe('closed');
  expect(circuit.admits).toBe(true);
});

it('opens when so many failed and they are half, and says why', () => {
  const { circuit } = setUp();
  succeed(circuit, 5);
  fail(circuit, 5);
  expect(circuit).toMatchObject({
    state: 'open',
    admits: false,
    wait: 1_000,
    reason: '5 of 10 requests failed within 10 s; the last one was answered 503',
  });
});

it('forgets what is older than its window', () => {
  const { circuit, clock } = setUp();
  fail(circuit, 4);
  clock.advance(10_001);
  fail(circuit, 4);
  expect(circuit.state).toBe('closed');
  clock.advance(5_000);
  fail(circuit, 1);
  expect(circuit.state).toBe('open');
});

it('lets one request through when its time is over, and closes when that is answered', () => {
  const { circuit, clock, changes } = setUp();
  fail(circuit, 5);
  clock.advance(999);
  expect(circuit).toMatchObject({ state: 'open', wait: 1 });
  clock.advance(1);
  expect(circuit).toMatchObject({ state: 'half-open', admits: true, wait: 0 });
  const probe = circuit.begin();
  expect(circuit.admits).toBe(false);
  circuit.succeeded(probe);
  expect(circuit).toMatchObject({ state: 'closed', admits: true, reason: undefined });
  // What was counted before is forgotten.
  fail(circuit, 4);
  expect(circuit.state).toBe('closed');
  expect(changes).toEqual(['open', 'half-open', 'closed']);
});

it('stays out twice as long each time that the probe fails, up to ten times', () => {
  const { circuit, clock } = setUp();
  fail(circuit, 5);
  const waits = Array.from({ length: 7 }, () => {
    const { wait } = circuit;
    clock.advance(wait);
    circuit.failed(circuit.begin(), 'had no answer in time');
    return wait;
  });
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  expect(circuit.reason).toBe('the request that tried it again had no answer in time');
  clock.advance(10_000);
  circuit.succeeded(circuit.begin());
  fail(circuit, 5);
  expect(circuit.wait).toBe(1_000);
});

it('adds up to a fifth to an opening, so that gateways do not probe together', () => {
  const { circuit } = setUp(() => 0.5);
  fail(circuit, 5);
  expect(circuit.wait).toBe(1_100);
});

it('a probe that comes to nothing gives its place back', () => {
  const { circuit, clock } = setUp();
  fail(circuit, 5);
  clock.advance(1_000);
  const given = circuit.begin();
  expect(circuit.admits).toBe(false);
  circuit.released(given);
  expect(circuit).toMatchObject({ state: 'half-open', admits: true });
  circuit.succeeded(circuit.begin());
  expect(circuit.state).toBe('closed');
});

it('requests of an earlier time decide nothing', () => {
  const { circuit, clock } = setUp();
  const early = [circuit.begin(), circuit.begin(), circuit.begin()];
  fail(circuit, 5);
  clock.advance(1_000);
  const probe = circuit.begin();
  for (const pass of early) circuit.succeeded(pass);
  for (const pass of early) circuit.failed(pass, 'was answered 503');
  for (const pass of early) circuit.released(pass);
  expect(circuit).toMatchObject({ state: 'half-open', admits: false });
  circuit.failed(probe, 'was answered 503');
  expect(circuit).toMatchObject({ state: 'open', wait: 2_000 });
});

it('an instance that was away and is back is probed at once', () => {
  const { circuit, clock } = setUp();
  fail(circuit, 5);
  circuit.probeSoon();
  expect(circuit).toMatchObject({ state: 'half-open', admits: true });
  circuit.failed(circuit.begin(), 'was answered 503');
  // The timer of the first opening does nothing any more.
  clock.advance(1_999);
  expect(circuit.state).toBe('open');
  expect(clock.pending).toBe(1);
  circuit.stop();
  expect(clock.pending).toBe(0);
});

it('other settings hold from then on', () => {
  const { circuit } = setUp();
  fail(circuit, 4);
  circuit.follow({ failures: 2, window: 10_000, open: 3_000 });
  fail(circuit, 1);
  expect(circuit).toMatchObject({ state: 'open', wait: 3_000 });
});

function setUp(random = () => 0): { circuit: Circuit; clock: ManualClock; changes: CircuitState[] } {
  const clock = createManualClock();
  const changes: CircuitState[] = [];
  const circuit = createCircuit({
    settings: SETTINGS,
    clock: { ...clock, random },
    onChange: (_, { state }) => changes.push(state),
  });
  return { circuit, clock, changes };
}

function fail(circuit: Circuit, times: number): void {
  for (let time = 0; time < times; time += 1) circuit.failed(circuit.begin(), 'was answered 503');
}

function succeed(circuit: Circuit, times: number): void {
  for (let time = 0; time < times; time += 1) circuit.succeeded(circuit.begin());
}
