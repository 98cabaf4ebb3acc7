import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answersOf } from '../fault-report.ts';
import { IMPATIENT } from '../fault-stage.ts';
import type { Scenario } from '../scenario.ts';

/** Longer than anybody has patience for, in milliseconds. */
const STOPPED = 1_700;

/** A process stands still for a while, as on a machine that is paused, and knows nothing of it. */
export const stoppedProcesses: Scenario = (open, tell) =>
  describe('a process that stands still for a while', () => {
    it('a plugin: is taken out, and comes back', async () => {
      const stage = await open({ settings: IMPATIENT });
      const instance = await stage.instance();
      const load = stage.load({ connections: 16, putEvery: 3 });
      await load.more(100);
      const known = stage.gateway.printed(/ is open|and is UNAVAILABLE/, stage.gateway.written());
      const stoppedAt = performance.now();
      instance.process.kill('SIGSTOP');
      await known;
      const detected = performance.now() - stoppedAt;
      await load.next(({ status }) => status === 503);
      instance.process.kill('SIGCONT');
      const backAt = performance.now();
      await load.next(({ status, at }) => status === 200 && at >= backAt);
      const recovered = performance.now() - backAt;
      const outcomes = await load.stop();
      const lost = await stage.lostWrites(outcomes);
      tell({ fault: 'plugin stopped', outcomes, lost, detected, recovered });
      expect(lost).toBe(0);
      expect(outcomes.filter(({ status }) => status === 504).length).toBeLessThanOrEqual(3 * 16);
      expect(recovered).toBeLessThan(5_000);
    });

    it('the gateway: takes the time that it slept for nobody’s fault', async () => {
      const stage = await open({ settings: IMPATIENT });
      const instance = await stage.instance();
      await instance.behave({ delayMs: 50 });
      const load = stage.load({ connections: 32, putEvery: 3 });
      for (let round = 0; round < 2; round += 1) {
        await load.more(100);
        stage.gateway.process.kill('SIGSTOP');
        await delay(STOPPED);
        stage.gateway.process.kill('SIGCONT');
      }
      const backAt = performance.now();
      await load.next(({ status, at }) => status === 200 && at >= backAt);
      const recovered = performance.now() - backAt;
      await load.more(100);
      const outcomes = await load.stop();
      const lost =
        outcomes.filter(({ status }) => status !== 200).length + (await stage.lostWrites(outcomes));
      tell({ fault: `gateway stopped for ${STOPPED} ms, twice`, outcomes, lost, recovered });
      expect(lost, answersOf(outcomes)).toBe(0);
    });
  });
