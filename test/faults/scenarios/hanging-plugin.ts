import { describe, expect, it } from 'vitest';
import { answersOf, quantile } from '../fault-report.ts';
import { type FaultStage, IMPATIENT } from '../fault-stage.ts';
import type { Scenario } from '../scenario.ts';

/** What a gateway that waits for the wrong plugin would show, in milliseconds: a part of its limit of time. */
const UNAFFECTED = 500;

/** What fits into the circuit's window of 2 s when each takes 1 s to fail. */
const ROUNDS = 3;

/** A plugin does not answer, or too late, and so do its health checks. */
export const hangingPlugin: Scenario = (open, tell) =>
  describe('a plugin that hangs', () => {
    it('costs nobody but those who ask for it, and them not for long', async () => {
      const stage = await open({ settings: IMPATIENT });
      const instance = await stage.instance();
      await stage.instance({ pluginId: 'plugin-bystander' });
      const load = stage.load({ connections: 32, putEvery: 4 });
      const beside = stage.load({ pluginId: 'plugin-bystander', connections: 4 });
      await beside.more(300);
      const warmed = beside.outcomes.length;
      await beside.more(300);
      const begun = beside.outcomes.length;

      const known = stage.gateway.printed(/was closed and is open/, stage.gateway.written());
      const hungAt = performance.now();
      await instance.behave({ answer: 'hang' });
      await known;
      const detected = performance.now() - hungAt;
      await load.next(({ status }) => status === 503);
      await beside.more(200);
      // Twice, at least, somebody has tried it again.
      await stage.gateway.printed(/is open: the request that tried it again/, stage.gateway.written());
      await instance.behave({ answer: 'well' });
      const backAt = performance.now();
      await load.next(({ status, at }) => status === 200 && at >= backAt);
      const recovered = performance.now() - backAt;

      const [outcomes, others] = [await load.stop(), await beside.stop()];
      const [before, during] = [others.slice(warmed, begun), others.slice(begun)];
      const lost = (await stage.lostWrites(outcomes)) + others.filter(({ status }) => status !== 200).length;
      tell({ fault: 'hangs', outcomes, lost, detected, recovered, note: latencies(before, during) });
      expect(lost, answersOf(others)).toBe(0);
      // So many at a time, until they outweigh the good ones of the circuit's window, and one for each time that it was
      // tried again.
      expect(outcomes.filter(({ status }) => status === 504).length).toBeLessThanOrEqual(ROUNDS * 32 + 8);
      expect(
        outcomes.filter(({ kind, status }) => kind !== 'whole' || ![200, 503, 504].includes(status)),
      ).toEqual([]);
      expect(quantile(during, 0.99)).toBeLessThan(UNAFFECTED);
      expect(detected).toBeLessThan(ROUNDS * 1_000 + 3_000);
      expect(recovered).toBeLessThan(5_000);
    });

    it('as one of two costs what was given to it, and nothing after that', async () => {
      const stage = await open({ settings: IMPATIENT });
      const [instance] = [await stage.instance(), await stage.instance()];
      const load = stage.load({ connections: 16, putEvery: 4 });
      await load.more(200);
      const known = stage.gateway.printed(/ is open|and is UNAVAILABLE/, stage.gateway.written());
      const hungAt = performance.now();
      await instance.behave({ answer: 'hang', health: 'hang' });
      await known;
      const knownAt = performance.now();
      const detected = knownAt - hungAt;
      await load.more(500);
      const outcomes = await load.stop();
      // Time that ran out is not spent again, so that these are lost.
      const late = outcomes.filter(({ status }) => status !== 200);
      const lost = late.length + (await stage.lostWrites(outcomes));
      tell({ fault: 'hangs, one of two', outcomes, lost, detected });
      expect(late.every(({ status }) => status === 504)).toBe(true);
      // The least busy one is chosen: what hangs is the busiest when it has half of what is under way.
      expect(lost).toBeLessThanOrEqual(ROUNDS * 8);
      expect(late.filter(({ at }) => at > knownAt)).toEqual([]);
    });

    it('is waited for when it is slow within its limit, and not beyond', async () => {
      const stage = await open({ settings: IMPATIENT });
      const instance = await stage.instance({});
      await instance.behave({ delayMs: 600 });
      const patient = stage.load({ connections: 16 });
      await patient.more(32);
      const slow = await patient.stop();
      tell({ fault: 'slow, below its limit of 1 s', outcomes: slow, note: `p50 ${ms(quantile(slow, 0.5))}` });
      expect(answersOf(slow)).toBe(`200×${slow.length}`);

      await instance.behave({ delayMs: 1_500 });
      const impatient = stage.load({ connections: 16 });
      await impatient.next(({ status }) => status === 503);
      const outcomes = await impatient.stop();
      const late = outcomes.filter(({ status }) => status === 504);
      tell({ fault: 'slow, above its limit', outcomes, note: `504 after ${ms(quantile(late, 1))} at most` });
      expect(late.length).toBeGreaterThan(0);
      expect(late.length).toBeLessThanOrEqual(ROUNDS * 16 + 2);
      expect(quantile(late, 1)).toBeLessThan(3_000);
    });

    it('with its health checks alone is taken out, and comes back', async () => {
      const stage = await open({ settings: IMPATIENT });
      const instance = await stage.instance();
      const load = stage.load({ connections: 8 });
      await load.more(50);
      const known = stage.gateway.printed(
        /is UNAVAILABLE: no answer within 1000 ms/,
        stage.gateway.written(),
      );
      const hungAt = performance.now();
      await instance.behave({ health: 'hang' });
      await known;
      const detected = performance.now() - hungAt;
      const { recovered } = await comeBack(stage, () => instance.behave({ health: 'well' }));
      await load.next(({ status }) => status === 200);
      const outcomes = await load.stop();
      tell({ fault: 'health checks hang', outcomes, detected, recovered });
      expect(outcomes.filter(({ kind, status }) => kind !== 'whole' || ![200, 503].includes(status))).toEqual(
        [],
      );
      expect(detected).toBeLessThan(6_000);
      expect(recovered).toBeLessThan(5_000);
    });
  });

async function comeBack(stage: FaultStage, mend: () => Promise<void>): Promise<{ recovered: number }> {
  const known = stage.gateway.printed(/ and is HEALTHY/, stage.gateway.written());
  const mendedAt = performance.now();
  await mend();
  await known;
  return { recovered: performance.now() - mendedAt };
}

function latencies(before: Parameters<typeof quantile>[0], during: Parameters<typeof quantile>[0]): string {
  return `another plugin: p50 ${ms(quantile(before, 0.5))} before, ${ms(quantile(during, 0.5))} during; p99 ${ms(
    quantile(before, 0.99),
  )} before, ${ms(quantile(during, 0.99))} during`;
}

function ms(time: number): string {
  return `${time.toFixed(1)} ms`;
}
