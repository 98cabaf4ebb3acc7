import { describe, expect, it } from 'vitest';
import { answersOf } from '../fault-report.ts';
import type { Scenario } from '../scenario.ts';

const WHOLE_OR_CUT = (kind: string) => kind === 'whole' || kind === 'cut';

/** A plugin is killed in the middle of its answers. */
export const killedPlugin: Scenario = (open, tell) =>
  describe('a plugin that is killed in the middle of its answers', () => {
    it.each(['framing=length', 'framing=chunked'])(
      'leaves no answer that only looks whole, with %s',
      async (query) => {
        const stage = await open();
        const instance = await stage.instance();
        const load = stage.load({ query: `size=50000&${query}` });
        await load.more(100);

        const known = stage.gateway.printed(/ was HEALTHY and is UNAVAILABLE/, stage.gateway.written());
        const killedAt = performance.now();
        await instance.behave({ answer: 'die' });
        await known;
        const detected = performance.now() - killedAt;
        await load.next(({ status }) => status === 503);
        const again = await stage.instanceAlone({ port: instance.port });
        const backAt = performance.now();
        await load.next(({ status, at }) => status === 200 && at >= backAt);
        const recovered = performance.now() - backAt;
        await again.behave({});

        const outcomes = await load.stop();
        tell({ fault: `killed mid-answer, one instance, ${query}`, outcomes, detected, recovered });
        expect(outcomes.filter(({ kind }) => kind === 'cut').length).toBeGreaterThan(0);
        expect(outcomes.filter(({ kind }) => !WHOLE_OR_CUT(kind))).toEqual([]);
        expect(
          outcomes.filter(({ status }) => ![200, 502, 503].includes(status)).map(({ status }) => status),
        ).toEqual([]);
        // It is gone, not slow: whoever asks for it now is told at once.
        expect(outcomes.filter(({ status, ms }) => status === 503 && ms > 2_000)).toEqual([]);
        expect(detected).toBeLessThan(5_000);
        expect(recovered).toBeLessThan(5_000);
      },
    );

    it('loses nothing that had not begun to come, where another one serves', async () => {
      const stage = await open();
      const [instance] = [await stage.instance(), await stage.instance()];
      const load = stage.load({ connections: 32, putEvery: 3, query: 'size=5000' });
      await load.more(200);
      const killedAt = performance.now();
      const known = stage.gateway.printed(/ and is UNAVAILABLE/, stage.gateway.written());
      await instance.behave({ answer: 'die' });
      await known;
      const detected = performance.now() - killedAt;
      await load.more(500);

      const outcomes = await load.stop();
      const lost =
        outcomes.filter(({ status }) => status !== 200).length + (await stage.lostWrites(outcomes));
      tell({ fault: 'killed mid-answer, one of two', outcomes, lost, detected });
      expect(lost, answersOf(outcomes)).toBe(0);
      expect(outcomes.filter(({ kind }) => !WHOLE_OR_CUT(kind))).toEqual([]);
    });
  });
