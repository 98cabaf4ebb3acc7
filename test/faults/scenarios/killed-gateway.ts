import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Load } from '../fault-load.ts';
import { answersOf } from '../fault-report.ts';
import type { FaultStage } from '../fault-stage.ts';
import type { Scenario } from '../scenario.ts';

/** The gateway itself is killed, or one of its processes. */
export const killedGateway: Scenario = (open, tell) =>
  describe('a gateway that is killed', () => {
    it('knows who was registered when it is back, and what it said is done', async () => {
      const stage = await open();
      await stage.instance();
      const load = stage.load({ connections: 32, putEvery: 2, pause: 5 });
      await load.more(300);
      const recovered = await killAndRestart(stage, load);
      await load.more(300);
      const outcomes = await load.stop();
      const lost = await stage.lostWrites(outcomes);
      const acknowledged = outcomes.filter(({ method, status }) => method === 'PUT' && status === 200).length;
      const note = `${acknowledged} PUTs acknowledged`;
      tell({ fault: 'gateway killed and restarted', outcomes, lost, recovered, note });
      expect(lost).toBe(0);
      expect(outcomes.filter(({ kind }) => kind === 'short' || kind === 'hung')).toEqual([]);
    });

    it('one worker of two: only what it had under way breaks; all of it: as above', async () => {
      const stage = await open({ args: ['--workers', '2'] });
      await stage.instance();
      const load = stage.load({ connections: 32, putEvery: 2, pause: 5 });
      await load.more(300);
      const [victim] = (await stage.status()).processes;
      const again = stage.gateway.printed(/worker \d serves again/);
      const killedAt = performance.now();
      process.kill(victim?.pid ?? 0, 'SIGKILL');
      await again;
      const recovered = performance.now() - killedAt;
      await load.more(300);
      const seen = [...load.outcomes];
      const lost = await stage.lostWrites(seen);
      tell({ fault: 'one of two workers killed', outcomes: seen, lost, recovered });
      expect(lost).toBe(0);
      // A connection breaks once.
      expect(seen.filter(({ status }) => status !== 200).length, answersOf(seen)).toBeLessThanOrEqual(32);

      const workers = (await stage.status()).processes.map(({ pid }) => pid);
      const back = await killAndRestart(stage, load);
      await expect.poll(() => workers.filter(isAlive), { interval: 20, timeout: 5_000 }).toEqual([]);
      await load.more(300);
      const outcomes = (await load.stop()).slice(seen.length);
      const lostThen = await stage.lostWrites(outcomes);
      tell({ fault: 'primary of two workers killed', outcomes, lost: lostThen, recovered: back });
      expect(lostThen).toBe(0);
      expect(outcomes.filter(({ kind }) => kind === 'short' || kind === 'hung')).toEqual([]);
    });
  });

/** @returns from the moment that it listens again to the first good answer, in milliseconds */
async function killAndRestart(stage: FaultStage, load: Load): Promise<number> {
  const file = join(stage.folder, '.plexica', 'registrations.json');
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toContain('plugin-items');
  await stage.gateway.stop('SIGKILL');
  await load.next(({ kind }) => kind === 'none');
  await stage.restartGateway();
  const backAt = performance.now();
  await load.next(({ status, at }) => status === 200 && at >= backAt);
  const recovered = performance.now() - backAt;
  // By itself: the plugin has not come again.
  await stage.gateway.printed(/of the instances registered before, 1 are taken in and 0 left out/);
  expect((await stage.plugin())?.instances).toMatchObject([{ source: 'registered', state: 'HEALTHY' }]);
  return recovered;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
