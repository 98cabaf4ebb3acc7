import { expect, it } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

it('never runs twice at once, and those who wait share a run that begins after they asked', async () => {
  const events: string[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const run = oneAtATime(async () => {
    const number = gates.push(Promise.withResolvers<void>());
    events.push(`begin ${number}`);
    await gates[number - 1]?.promise;
    events.push(`end ${number}`);
    if (number === 2) throw new Error('the second one fails');
    return number;
  });

  const first = run();
  await expect.poll(() => events).toEqual(['begin 1']);
  const waiting = [run(), run(), run()];
  expect(events).toEqual(['begin 1']);

  gates[0]?.resolve();
  expect(await first).toBe(1);
  await expect.poll(() => events).toEqual(['begin 1', 'end 1', 'begin 2']);
  const last = run();
  gates[1]?.resolve();
  for (const one of waiting) await expect(one).rejects.toThrow('the second one fails');

  await expect.poll(() => gates.length).toBe(3);
  gates[2]?.resolve();
  expect(await last).toBe(3);
});
