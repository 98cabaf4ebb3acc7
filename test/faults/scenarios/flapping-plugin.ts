import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../support/behaviour.ts';
import { answersOf } from '../fault-report.ts';
import type { Scenario } from '../scenario.ts';

const BEAT = 300;
const TURNS: readonly (readonly [string, down: Partial<Behaviour>, up: Partial<Behaviour>])[] = [
  ['its health', { health: 'bad' }, { health: 'well' }],
  ['its door', { listening: false }, { listening: true }],
];

/** A plugin is well and not well in turns. */
export const flappingPlugin: Scenario = (open, tell) =>
  describe(`a plugin that changes every ${BEAT} ms`, () => {
    it.each(TURNS)(
      '%s: nothing is lost where another one serves, and it has its traffic back',
      async (what, down, up) => {
        const stage = await open();
        const [flapping] = [await stage.instance(), await stage.instance()];
        const load = stage.load({ connections: 16, putEvery: 3 });
        for (let turn = 0; turn < 4; turn += 1) {
          await flapping.behave(down);
          await delay(BEAT);
          await flapping.behave(up);
          await delay(BEAT);
        }
        const outcomes = await load.stop();
        const lost =
          outcomes.filter(({ status }) => status !== 200).length + (await stage.lostWrites(outcomes));
        const endedAt = performance.now();
        await expect
          .poll(async () => (await stage.plugin())?.instances.map(({ state }) => state), {
            interval: 20,
            timeout: 5_000,
          })
          .toEqual(['HEALTHY', 'HEALTHY']);
        const recovered = performance.now() - endedAt;
        tell({ fault: `flaps: ${what}, one of two`, outcomes, lost, recovered });
        expect(lost, answersOf(outcomes)).toBe(0);
        expect(outcomes.filter(({ kind }) => kind !== 'whole')).toEqual([]);
      },
    );

    it('alone, is served while it is there', async () => {
      const stage = await open();
      const flapping = await stage.instance();
      const load = stage.load({ connections: 8, putEvery: 3 });
      const recoveries: number[] = [];
      for (let turn = 0; turn < 3; turn += 1) {
        await flapping.behave({ listening: false });
        await delay(BEAT);
        await flapping.behave({ listening: true });
        const backAt = performance.now();
        await load.next(({ status, at }) => status === 200 && at >= backAt);
        recoveries.push(performance.now() - backAt);
        await delay(BEAT);
      }
      const outcomes = await load.stop();
      const lost = await stage.lostWrites(outcomes);
      tell({ fault: 'flaps: its door, alone', outcomes, lost, recovered: Math.max(...recoveries) });
      expect(lost).toBe(0);
      expect(
        outcomes.filter(({ kind, status }) => kind !== 'whole' || ![200, 502, 503].includes(status)),
      ).toEqual([]);
      expect(Math.max(...recoveries)).toBeLessThan(5_000);
    });
  });
