import { describe, expect, it } from 'vitest';
import { answersOf } from '../fault-report.ts';
import type { Scenario } from '../scenario.ts';

/** A plugin closes kept connections when the next request is on its way. */
export const closedConnections: Scenario = (open, tell) =>
  describe('connections that are closed at the worst moment', () => {
    it.each(['close-kept', 'reset-kept'] as const)(
      'lose nothing that may be repeated: %s',
      async (answer) => {
        const stage = await open();
        const instance = await stage.instance();
        await instance.behave({ answer });
        const load = stage.load({ connections: 64, putEvery: 3, query: 'size=500', pause: 1 });
        await load.more(4_000);
        const outcomes = await load.stop();
        const lost =
          outcomes.filter(({ status }) => status !== 200).length + (await stage.lostWrites(outcomes));
        tell({ fault: `64 connections, ${answer}`, outcomes, lost, note: await retries(stage.gateway.api) });
        expect(lost, answersOf(outcomes)).toBe(0);
        expect(outcomes.filter(({ kind }) => kind !== 'whole')).toEqual([]);
      },
    );
  });

async function retries(api: string): Promise<string> {
  const metrics = await (await fetch(`${api}/metrics`)).text();
  const [, count = '0'] = /^plexica_retries_total\{[^}]*plugin-items[^}]*\} (\d+)$/m.exec(metrics) ?? [];
  return `${count} were sent again`;
}
