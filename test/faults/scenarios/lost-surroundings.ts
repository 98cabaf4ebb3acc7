import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../support/run-program.ts';
import { answersOf } from '../fault-report.ts';
import type { Scenario } from '../scenario.ts';

const RESOLVER = pathToFileURL(join(REPOSITORY, 'test/support/failing-resolver.ts')).href;

/** What the gateway relies on is not there: names, the disk. */
export const lostSurroundings: Scenario = (open, tell) =>
  describe('surroundings that are lost', () => {
    it.each(['gone', 'hang'])('a host name whose lookup is %s', async (word) => {
      const folder = await mkdtemp(join(tmpdir(), 'plexica-resolver-'));
      const file = join(folder, 'word');
      await writeFile(file, 'well');
      const stage = await open({
        settings: {
          upstreams: {
            'plugin-items': { allowRegistration: ['http://items.test:*'] },
            'plugin-bystander': { allowRegistration: ['http://127.0.0.1:*'] },
          },
        },
        program: {
          environment: {
            RESOLVER: file,
            NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${RESOLVER}`,
          },
        },
      });
      await stage.instance({ host: 'items.test' });
      await stage.instance({ pluginId: 'plugin-bystander' });
      const load = stage.load({ connections: 8, putEvery: 3 });
      const beside = stage.load({ pluginId: 'plugin-bystander', connections: 4 });
      await load.more(100);
      const known = stage.gateway.printed(/ and is UNAVAILABLE/, stage.gateway.written());
      const lostAt = performance.now();
      await writeFile(file, word);
      await known;
      const detected = performance.now() - lostAt;
      await load.next(({ status }) => status === 503);
      await writeFile(file, 'well');
      const backAt = performance.now();
      await load.next(({ status, at }) => status === 200 && at >= backAt);
      const recovered = performance.now() - backAt;
      const [outcomes, others] = [await load.stop(), await beside.stop()];
      const lost = (await stage.lostWrites(outcomes)) + others.filter(({ status }) => status !== 200).length;
      tell({ fault: `host name: ${word}`, outcomes, lost, detected, recovered });
      expect(lost, answersOf(others)).toBe(0);
      expect(outcomes.filter(({ kind, status }) => kind !== 'whole' || ![200, 503].includes(status))).toEqual(
        [],
      );
      await rm(folder, { recursive: true });
    });

    it('a disk that takes nothing more: the gateway says so, and goes on', async () => {
      // A process that may write no byte to a file fares as on a full disk.
      const stage = await open({ program: { prelude: 'ulimit -f 0' } });
      const startedAt = performance.now();
      await stage.instance();
      await stage.gateway.printed(
        /registrations\.json cannot be written: .*; registrations end with this gateway/,
      );
      const detected = performance.now() - startedAt;
      const load = stage.load({ connections: 8, putEvery: 3 });
      await load.more(300);
      const outcomes = await load.stop();
      const lost =
        outcomes.filter(({ status }) => status !== 200).length + (await stage.lostWrites(outcomes));
      tell({ fault: 'disk full', outcomes, lost, detected });
      expect(lost, answersOf(outcomes)).toBe(0);
    });
  });
