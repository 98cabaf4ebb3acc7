import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../support/behaviour.ts';
import { answersOf } from '../fault-report.ts';
import type { Scenario } from '../scenario.ts';

const BROKEN: readonly (readonly [Behaviour['answer'], query: string, seen: RegExp])[] = [
  ['garbage', '', /^502×\d+, 503/],
  ['nothing', '', /^502×\d+, 503/],
  ['half-head', '', /^502×\d+, 503/],
  ['half-body', 'size=20000', /^503 .*, cut×\d+$/],
  ['half-body', 'size=20000&framing=chunked', /^503 .*, cut×\d+$/],
  ['stalled-body', 'size=20000', /^503 .*, cut×\d+$/],
];

/** What a plugin sends is not HTTP, or not what it says that it is. */
export const brokenAnswers: Scenario = (open, tell) =>
  describe('answers that are broken', () => {
    it('never look whole, and take nobody along', async () => {
      const stage = await open({ settings: { upstreams: UPSTREAMS } });
      const instance = await stage.instance();
      await stage.instance({ pluginId: 'plugin-bystander' });
      const beside = stage.load({ pluginId: 'plugin-bystander', connections: 2 });
      for (const [answer, query, seen] of BROKEN) {
        const brokenAt = performance.now();
        const known = stage.gateway.printed(/and is open/, stage.gateway.written());
        await instance.behave({ answer });
        const load = stage.load({ connections: 8, query });
        await known;
        const detected = performance.now() - brokenAt;
        await load.next(({ status }) => status === 503);
        const outcomes = await load.stop();

        await instance.behave({ answer: 'well' });
        const backAt = performance.now();
        const good = stage.load({ connections: 1, query });
        await good.next(({ status }) => status === 200);
        const recovered = performance.now() - backAt;
        await good.stop();
        tell({ fault: `answers: ${answer} ${query}`, outcomes, detected, recovered });
        expect(answersOf(outcomes)).toMatch(seen);
      }
      const others = await beside.stop();
      expect(answersOf(others)).toBe(`200×${others.length}`);
    });

    it('that go on where they should end have no next reader', async () => {
      const stage = await open();
      const instance = await stage.instance();
      await instance.behave({ answer: 'longer' });
      const load = stage.load({ connections: 8, putEvery: 2 });
      await load.more(300);
      const outcomes = await load.stop();
      const lost =
        outcomes.filter(({ status }) => status !== 200).length + (await stage.lostWrites(outcomes));
      tell({ fault: 'answers: longer', outcomes, lost });
      expect(outcomes.filter(({ kind }) => kind !== 'whole')).toEqual([]);
      expect(lost, answersOf(outcomes)).toBe(0);
    });
  });

const UPSTREAMS = {
  'plugin-items': { allowRegistration: ['http://127.0.0.1:*'], timeout: '400ms' },
  'plugin-bystander': { allowRegistration: ['http://127.0.0.1:*'] },
};
