import { setImmediate } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { createManualClock } from '../instances/testing/manual-clock.ts';
import { watchWorker } from './watch-worker.ts';

function watched() {
  const clock = createManualClock();
  const onSilence = vi.fn();
  const asked: PromiseWithResolvers<void>[] = [];
  const call = async (): Promise<never> => {
    const question = Promise.withResolvers<void>();
    asked.push(question);
    return (await question.promise) as never; // a ping resolves to nothing
  };
  const cancel = watchWorker({ call }, clock, onSilence);
  return { clock, onSilence, asked, cancel };
}

it('tells once of a worker that owes the answers of half a minute', () => {
  const { clock, onSilence } = watched();
  clock.advance(30_000);
  expect(onSilence).not.toHaveBeenCalled();
  clock.advance(600_000);
  expect(onSilence).toHaveBeenCalledOnce();
  expect(clock.pending).toBe(0);
});

it('says nothing of one that answers, late as it may be', async () => {
  const { clock, onSilence, asked } = watched();
  for (let round = 0; round < 20; round += 1) {
    clock.advance(25_000);
    asked.shift()?.resolve();
    await setImmediate();
  }
  expect(onSilence).not.toHaveBeenCalled();
});

it('ends when it is told to', () => {
  const { clock, onSilence, cancel } = watched();
  clock.advance(12_000);
  cancel();
  clock.advance(600_000);
  expect(onSilence).not.toHaveBeenCalled();
});
