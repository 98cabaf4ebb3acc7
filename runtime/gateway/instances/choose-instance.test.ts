import { once } from 'node:events';
import { Pool } from 'undici';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Candidate, chooseInstance } from './choose-instance.ts';
import { startUpstream, type Upstream } from './testing/upstream.ts';

let upstream: Upstream;
let pools: Pool[];
beforeEach(async () => {
  pools = [];
  upstream = await startUpstream(() => {});
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.destroy()));
  await upstream.close();
});

it('nothing to choose from', () => {
  expect(chooseInstance([], 0)).toBeUndefined();
});

it('equals take turns', async () => {
  const candidates = [await candidate('a', 0), await candidate('b', 0), await candidate('c', 0)];
  expect([0, 1, 2, 3].map((turn) => chooseInstance(candidates, turn)?.id)).toEqual(['a', 'b', 'c', 'a']);
});

it('the least busy one is chosen', async () => {
  const candidates = [await candidate('a', 2), await candidate('b', 1), await candidate('c', 3)];
  expect([0, 1, 2].map((turn) => chooseInstance(candidates, turn)?.id)).toEqual(['b', 'b', 'b']);
});

it('a degraded one gets traffic when it is alone, or when the others are busy', async () => {
  const degraded = await candidate('degraded', 0, true);
  expect(chooseInstance([degraded], 0)?.id).toBe('degraded');
  expect(chooseInstance([degraded, await candidate('idle', 0)], 0)?.id).toBe('idle');
  expect(chooseInstance([degraded, await candidate('busy', 5)], 0)?.id).toBe('degraded');
});

async function candidate(id: string, pending: number, degraded = false): Promise<Candidate> {
  const dispatcher = new Pool(upstream.url.origin);
  pools.push(dispatcher);
  for (let number = 0; number < pending; number += 1) {
    dispatcher.request({ method: 'GET', path: '/' }).catch(() => {});
    await once(dispatcher, 'connect');
  }
  const instance = { id, pluginId: 'crm', baseUrl: upstream.url, basePath: '', dispatcher, configured: true };
  return { instance, degraded };
}
