import { beforeEach, describe, expect, it } from 'vitest';
import type { DomainEvent } from '../domain-event.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import type { DeadLetter, Message } from '../transports/transport.ts';
import { type Consumer, type ConsumerOptions, createConsumer, type Outcome } from './consumer.ts';

const RETRY = { attempts: 3, initial: 1_000, max: 10_000 };

describe('createConsumer', () => {
  let clock: ManualClock;
  let settled: string[];
  let letters: DeadLetter[];
  let outcomes: Outcome[];
  let failures: Error[];

  beforeEach(() => {
    clock = createManualClock();
    settled = [];
    letters = [];
    outcomes = [];
    failures = [];
  });

  it('settles after success, and not before', async () => {
    const gate = Promise.withResolvers<void>();
    const consumer = make({ handle: () => gate.promise });
    consumer.receive(message('1'));
    await clock.advance(60_000);
    expect(settled).toEqual([]);
    gate.resolve();
    await consumer.idle();
    expect(settled).toEqual(['1']);
    expect(kinds()).toEqual(['handled']);
  });

  it('tries again after growing waits, then keeps a dead letter, and only then settles and goes on', async () => {
    const tried: number[] = [];
    const kept = Promise.withResolvers<void>();
    const startedAt = clock.now();
    const consumer = make({
      handle({ id }) {
        if (id === '2') return;
        tried.push(clock.now() - startedAt);
        throw new RangeError('too far');
      },
      deadLetter: () => kept.promise,
    });
    consumer.receive(message('1'));
    consumer.receive(message('2'));
    await clock.advance(749);
    expect(tried).toEqual([0]);
    await clock.advance(10_000);
    expect(tried).toEqual([0, 750, 2_250]);
    expect(settled).toEqual([]);
    kept.resolve();
    await consumer.idle();
    expect(settled).toEqual(['1', '2']);
    expect(letters).toEqual([
      {
        group: 'plugin-mail',
        event: event('1'),
        raw: 'raw 1',
        origin: 'here@1',
        reason: 'handler-failed',
        error: 'onIt: RangeError: too far',
        attempts: 3,
        failedAt: new Date(startedAt + 2_250).toISOString(),
      },
    ]);
    expect(kinds()).toEqual(['failed', 'failed', 'dead-letter', 'handled']);
    expect(outcomes[0]).toMatchObject({ attempt: 1, handler: 'onIt', retryInMs: 750 });
  });

  it('does not hold up other lanes, and a waiting message holds no place', async () => {
    const consumer = make({
      concurrency: 1,
      handle({ tenantId }) {
        if (tenantId === 'a') throw new Error('no');
      },
    });
    consumer.receive(message('1', 'a'));
    consumer.receive(message('2', 'a'));
    consumer.receive(message('3', 'b'));
    await clock.advance(0);
    expect(settled).toEqual(['3']);
    expect(consumer.pending).toBe(2);
  });

  it('runs no more handlers at once than it may', async () => {
    let running = 0;
    let most = 0;
    const consumer = make({
      concurrency: 3,
      async handle() {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
      },
    });
    for (let n = 0; n < 20; n += 1) consumer.receive(message(String(n), `tenant-${n}`));
    await consumer.idle();
    expect(settled).toHaveLength(20);
    expect(most).toBe(3);
  });

  it('asks only those handlers again that failed', async () => {
    const asked: string[] = [];
    const handlers = ['one', 'two', 'three'].map((label) => ({
      label,
      async handle() {
        asked.push(label);
        if (label === 'two' && asked.length < 3) throw new Error('not yet');
      },
    }));
    const consumer = make({ handlersOf: () => handlers });
    consumer.receive(message('1'));
    await clock.advance(1_000);
    await consumer.idle();
    expect(asked).toEqual(['one', 'two', 'two', 'three']);
    expect(settled).toEqual(['1']);
  });

  it.each([
    ['not-an-event', { event: undefined, problem: 'its value is not JSON' }, 'its value is not JSON', 0],
    ['payload-invalid', { event: { ...event('1'), data: 'bad' } }, 'data is bad', 0],
    [
      'redelivered-too-often',
      { redeliveries: 21 },
      'it was delivered 21 times before, and never settled',
      21,
    ],
  ])('keeps what is %s at once, unhandled', async (reason, part, error, attempts) => {
    let asked = 0;
    const consumer = make({
      handle: () => {
        asked += 1;
      },
    });
    consumer.receive({ ...message('1'), ...part });
    await consumer.idle();
    expect(letters).toMatchObject([{ reason, error, attempts, raw: 'raw 1', origin: 'here@1' }]);
    expect(settled).toEqual(['1']);
    expect(asked).toBe(0);
  });

  it('tries until a dead letter is kept', async () => {
    let refused = 0;
    const consumer = make({
      async deadLetter() {
        refused += 1;
        if (refused < 4) throw new Error('the disk is full');
      },
    });
    consumer.receive({ ...message('1'), event: undefined });
    await clock.advance(1_000);
    expect(settled).toEqual([]);
    await clock.advance(30_000);
    expect(settled).toEqual(['1']);
    expect(kinds()).toEqual([
      'dead-letter-delayed',
      'dead-letter-delayed',
      'dead-letter-delayed',
      'dead-letter',
    ]);
  });

  it('gives up waiting when it stops, and settles nothing that was not handled', async () => {
    const consumer = make({
      handle({ tenantId }) {
        if (tenantId === 'a') throw new Error('no');
        return clock.now() > 0 ? new Promise((resolve) => setImmediate(resolve)) : undefined;
      },
    });
    for (const [id, tenantId] of [
      ['1', 'a'],
      ['2', 'a'],
      ['3', 'b'],
      ['4', 'b'],
    ] as const) {
      consumer.receive(message(id, tenantId));
    }
    await Promise.resolve();
    const stopped = consumer.stop();
    consumer.receive(message('5', 'c'));
    await stopped;
    expect(settled).toEqual(['3']);
    expect(letters).toEqual([]);
    expect(consumer.pending).toBe(0);
    expect(clock.timers).toBe(0);
  });

  it('does not keep a dead letter for ever when it stops', async () => {
    const consumer = make({ deadLetter: () => Promise.reject(new Error('away')) });
    consumer.receive({ ...message('1'), event: undefined });
    await clock.advance(100);
    await consumer.stop();
    expect(settled).toEqual([]);
  });

  it('leaves to others what is theirs by now', async () => {
    let ours = true;
    let asked = 0;
    const consumer = make({
      handle() {
        asked += 1;
        throw new Error('no');
      },
    });
    consumer.receive({ ...message('1'), isOurs: () => ours });
    consumer.receive({ ...message('2'), isOurs: () => ours });
    await clock.advance(100);
    ours = false;
    await clock.advance(10_000);
    await consumer.idle();
    expect(asked).toBe(1);
    expect(settled).toEqual([]);
    expect(letters).toEqual([]);
  });

  it('says so when something threw that must not, and leaves the message unsettled', async () => {
    const consumer = make({
      onOutcome() {
        throw new Error('a bug in the log');
      },
    });
    consumer.receive(message('1'));
    await consumer.idle();
    expect(failures).toMatchObject([{ message: 'a bug in the log' }]);
    expect(settled).toEqual([]);
  });

  function make({
    handle = () => undefined,
    deadLetter = async () => undefined,
    ...options
  }: Partial<ConsumerOptions> & {
    handle?: (event: DomainEvent) => unknown;
    deadLetter?: (letter: DeadLetter) => Promise<void>;
  }): Consumer {
    return createConsumer({
      group: 'plugin-mail',
      transport: {
        async deadLetter(letter) {
          await deadLetter(letter);
          letters.push(letter);
        },
      },
      handlersOf: () => [{ label: 'onIt', handle: async (one) => handle(one) }],
      check: ({ data }) => (data === 'bad' ? 'data is bad' : undefined),
      retry: RETRY,
      concurrency: 16,
      mostRedeliveries: 20,
      clock,
      onOutcome: (outcome) => outcomes.push(outcome),
      onFailure: (error) => failures.push(error),
      ...options,
    });
  }

  function kinds(): string[] {
    return outcomes.map(({ kind }) => kind);
  }

  function message(id: string, tenantId = 'acme'): Message {
    return {
      event: event(id, tenantId),
      raw: `raw ${id}`,
      lane: tenantId,
      origin: `here@${id}`,
      redeliveries: 0,
      isOurs: () => true,
      settle: () => settled.push(id),
    };
  }
});

function event(id: string, tenantId = 'acme'): DomainEvent {
  const time = '2026-01-01T00:00:00.000Z';
  return { id, name: 'a.b', source: 'plugin-a', time, tenantId, correlationId: id, data: null };
}
