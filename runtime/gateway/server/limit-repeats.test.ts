import { expect, it } from 'vitest';
import { createManualClock } from '../instances/testing/manual-clock.ts';
import { createLog } from './create-log.ts';

function start() {
  const clock = createManualClock();
  const lines: { level: number; msg: string; leftOut?: number; requestId?: string }[] = [];
  const log = createLog({ write: (line) => void lines.push(JSON.parse(line)) }, 'info', clock);
  return { clock, lines, log };
}

it('a complaint that repeats itself is written twenty times, and then once how often', () => {
  const { clock, lines, log } = start();
  for (let index = 0; index < 10_000; index += 1) {
    // As every request has a log of its own.
    log.child({ requestId: `r-${index}` }).warn({ index }, 'an answer broke off');
  }
  expect(lines).toHaveLength(20);
  clock.advance(10_000);
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toMatchObject({
    level: 40,
    leftOut: 9_980,
    msg: '9980 more in 10 s: an answer broke off',
  });
  expect(lines.at(-1)?.requestId).toBeUndefined();

  log.warn('an answer broke off');
  expect(lines).toHaveLength(22);
  clock.advance(10_000);
  expect(lines).toHaveLength(22);
  expect(clock.pending).toBe(0);
});

it('different complaints do not push each other out, and what is no complaint always passes', () => {
  const { lines, log } = start();
  for (let index = 0; index < 100; index += 1) {
    log.warn('one');
    log.error({ index }, 'another');
    log.info('answered');
  }
  const count = (msg: string) => lines.filter((line) => line.msg === msg).length;
  expect([count('one'), count('another'), count('answered')]).toEqual([20, 20, 100]);
});

it('messages that are all different have a bound too', () => {
  const { clock, lines, log } = start();
  for (let index = 0; index < 5_000; index += 1) log.warn(`message ${index}`);
  expect(lines).toHaveLength(1_000 + 20);
  clock.advance(10_000);
  expect(lines.at(-1)).toMatchObject({ leftOut: 3_980 });
});
