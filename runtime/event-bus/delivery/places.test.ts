import { expect, it } from 'vitest';
import { createPlaces } from './places.ts';

it('runs so many at once, the others in order, and gives a place back after a failure', async () => {
  const places = createPlaces(2);
  const begun: number[] = [];
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const runs = gates.map(({ promise }, index) =>
    places.run(async () => {
      begun.push(index);
      await promise;
      return index;
    }),
  );
  expect(begun).toEqual([0, 1]);
  gates[1]?.reject(new Error('no'));
  await expect(runs[1]).rejects.toThrow('no');
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual([0, 1, 2]);
  for (const { resolve } of gates) resolve();
  expect(await Promise.all([runs[0], runs[2], runs[3], runs[4]])).toEqual([0, 2, 3, 4]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});
