import { describe, expect, it } from 'vitest';
import { answersOf } from '../fault-report.ts';
import type { Scenario } from '../scenario.ts';

/** An instance comes that serves another contract than the compiled one. */
export const otherVersion: Scenario = (open, tell) =>
  describe('an instance of another version', () => {
    it('is refused, and the old one goes on', async () => {
      const stage = await open();
      await stage.instance();
      const load = stage.load({ connections: 8, putEvery: 3 });
      const startedAt = performance.now();
      const newcomer = await stage.instanceAlone({ version: '2.0.0' });
      const refusal = await newcomer.printed(/^refused: .*$/m);
      const detected = performance.now() - startedAt;
      await load.more(200);
      const outcomes = await load.stop();
      const lost =
        outcomes.filter(({ status }) => status !== 200).length + (await stage.lostWrites(outcomes));
      tell({ fault: 'another version registers', outcomes, lost, detected });
      expect(refusal).toContain('items has version 2.0.0, not 1.0.0');
      expect((await stage.plugin())?.instances).toHaveLength(1);
      expect(lost, answersOf(outcomes)).toBe(0);
    });
  });
