import type { DomainEvent } from '@plexica/event-bus';
import { expect, it } from 'vitest';
import { configOf } from '../config/testing/config-of.ts';
import { loadEventContracts } from '../events/event-contracts.ts';
import { createJournal } from '../instances/testing/journal.ts';
import { createManualClock } from '../instances/testing/manual-clock.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import type { RequestNotes } from '../observability/request-notes.ts';
import { route } from '../testing/start-gateway.ts';
import { createRequestEvents } from './request-events.ts';

const NOTES: RequestNotes = {
  method: 'GET',
  requestId: 'r1',
  route: { pluginId: 'crm', route: route('GET /contacts'), endpoint: 'GET /contacts', callers: new Set() },
  caller: undefined,
  tenant: { tenantId: 'acme', userId: 'ada', permissions: [] },
  client: undefined,
};

async function start({ hooks = ['api.request'], sample = 1, chances = [0] } = {}) {
  const events = await loadEventContracts('', tableOf([{ id: 'crm' }, { id: 'counter', hooks }]));
  const base = configOf('');
  const config = { ...base, events: { ...base.events, apiRequests: { sample, every: 1_000 } } };
  const clock = createManualClock();
  const journal = createJournal();
  const batches: (readonly DomainEvent[])[] = [];
  let asked = 0;
  const requests = createRequestEvents({
    deployment: () => ({ config, events }),
    transport: { publish: async (batch) => void batches.push(batch) },
    metrics: { eventPublished: () => undefined },
    log: journal.log,
    clock: { ...clock, random: () => chances[asked++ % chances.length] ?? 0 },
  });
  const note = (times: number) => {
    for (let n = 0; n < times; n += 1) requests.note(NOTES, 200, 3.4);
  };
  return { clock, journal, batches, note, close: requests.close };
}

it('gathers requests for a while, and publishes them together', async () => {
  const { clock, batches, note, close } = await start();
  note(3);
  clock.advance(999);
  expect(batches).toEqual([]);
  clock.advance(1);
  note(1);
  await close();
  expect(batches.map(({ length }) => length)).toEqual([3, 1]);
  expect(batches[0]?.[0]).toMatchObject({ name: 'api.request', tenantId: 'acme', data: { durationMs: 3 } });
});

it('publishes the share of them that is asked for', async () => {
  const { batches, note, close } = await start({ sample: 0.25, chances: [0.1, 0.3, 0.25, 0.9] });
  note(8);
  await close();
  expect(batches.flat()).toHaveLength(2);
});

it('does nothing where no plugin wants to know', async () => {
  const { clock, batches, note, close } = await start({ hooks: ['user.login'] });
  note(1);
  expect(clock.pending).toBe(0);
  await close();
  expect(batches).toEqual([]);
});

it('drops what is more than it holds, and says how many', async () => {
  const { batches, journal, note, close } = await start();
  note(10_002);
  await close();
  expect(batches.flat()).toHaveLength(10_000);
  expect(journal.lines).toContainEqual(expect.objectContaining({ dropped: 2 }));
});
