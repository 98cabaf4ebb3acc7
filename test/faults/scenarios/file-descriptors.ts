import { describe, expect, it } from 'vitest';
import { openConnection } from '../../../runtime/gateway/testing/raw-connection.ts';
import { answersOf } from '../fault-report.ts';
import type { Scenario } from '../scenario.ts';

/** A process may open no more files, and every connection is one. */
export const fileDescriptors: Scenario = (open, tell) =>
  describe('no more file descriptors', () => {
    it('at a plugin: others take what it cannot, and it is itself again', async () => {
      const stage = await open();
      const short = await stage.instance({ prelude: 'ulimit -n 40' });
      await stage.instance();
      await short.behave({ delayMs: 40 });
      const load = stage.load({ connections: 64, putEvery: 3 });
      await load.more(1_500);
      const outcomes = await load.stop();
      const lost =
        outcomes.filter(({ status }) => status !== 200).length + (await stage.lostWrites(outcomes));
      const endedAt = performance.now();
      await expect
        .poll(async () => (await stage.plugin())?.state, { interval: 20, timeout: 10_000 })
        .toBe('HEALTHY');
      const recovered = performance.now() - endedAt;
      tell({ fault: 'no file descriptors at one of two', outcomes, lost, recovered });
      expect(lost, answersOf(outcomes)).toBe(0);
    });

    it('at the only instance of a plugin', async () => {
      const stage = await open();
      const short = await stage.instance({ prelude: 'ulimit -n 40' });
      await short.behave({ delayMs: 40 });
      const load = stage.load({ connections: 64, putEvery: 3 });
      await load.more(1_500);
      const outcomes = await load.stop();
      const endedAt = performance.now();
      const calm = stage.load({ connections: 4 });
      await calm.next(({ status }) => status === 200);
      const recovered = performance.now() - endedAt;
      await calm.stop();
      tell({
        fault: 'no file descriptors at the only one',
        outcomes,
        lost: await stage.lostWrites(outcomes),
        recovered,
      });
      expect(await stage.lostWrites(outcomes)).toBe(0);
      expect(recovered).toBeLessThan(5_000);
    });

    it('at the gateway: it refuses, and serves again', async () => {
      const stage = await open({ program: { prelude: 'ulimit -n 90' } });
      await stage.instance();
      const load = stage.load({ connections: 4, putEvery: 3 });
      await load.more(100);
      const told = stage.gateway.printed(/DEGRADED: the gateway has as many files open as it may/);
      const port = Number(new URL(stage.gateway.url).port);
      const crowdedAt = performance.now();
      const crowd = await Promise.all(Array.from({ length: 200 }, () => openConnection(port)));
      await told;
      const detected = performance.now() - crowdedAt;
      await load.more(300);
      const refused = crowd.filter(({ socket }) => socket.readyState !== 'open').length;
      const mended = stage.gateway.printed(/was DEGRADED and is HEALTHY/);
      const endedAt = performance.now();
      for (const { socket } of crowd) socket.destroy();
      await mended;
      const recovered = performance.now() - endedAt;
      const newcomers = stage.load({ connections: 16, putEvery: 3 });
      await newcomers.more(100);
      const others = await newcomers.stop();
      const outcomes = [...(await load.stop()), ...others];
      const lost =
        outcomes.filter(({ status }) => status !== 200).length + (await stage.lostWrites(outcomes));
      const note = `${refused} of 200 connections refused`;
      tell({ fault: 'no file descriptors at the gateway', outcomes, lost, detected, recovered, note });
      expect(refused).toBeGreaterThan(100);
      expect(lost, answersOf(outcomes)).toBe(0);
      expect(recovered).toBeLessThan(5_000);
    });
  });
