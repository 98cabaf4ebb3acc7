import { expect, it } from 'vitest';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';
import { createManualClock } from './testing/manual-clock.ts';

it('a quiet plugin can retry, and not without end', () => {
  const clock = createManualClock();
  const budget = createRetryBudget(0.2, clock);
  expect(spendAll(budget)).toBe(10);
  clock.advance(3_000);
  expect(spendAll(budget)).toBe(3);
  clock.advance(3_600_000);
  expect(spendAll(budget)).toBe(10);
});

it('requests earn their share, up to a limit', () => {
  const budget = createRetryBudget(0.25, createManualClock());
  spendAll(budget);
  for (let request = 0; request < 100; request += 1) budget.earn();
  expect(spendAll(budget)).toBe(25);
  for (let request = 0; request < 100_000; request += 1) budget.earn();
  expect(spendAll(budget)).toBe(256);
});

it('when every request fails, a share of them is tried again', () => {
  const budget = createRetryBudget(0.2, createManualClock());
  let retried = 0;
  for (let request = 0; request < 1_000; request += 1) {
    budget.earn();
    if (budget.spend()) retried += 1;
  }
  expect(retried).toBeGreaterThanOrEqual(200);
  expect(retried).toBeLessThanOrEqual(210);
});

it('a budget of nothing is nothing, until it is another', () => {
  const clock = createManualClock();
  const budget = createRetryBudget(0, clock);
  clock.advance(60_000);
  expect(budget.spend()).toBe(false);
  budget.follow(0.1);
  expect(budget.spend()).toBe(true);
});

function spendAll(budget: RetryBudget): number {
  let spent = 0;
  while (budget.spend()) spent += 1;
  return spent;
}
