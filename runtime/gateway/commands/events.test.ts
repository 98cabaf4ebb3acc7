import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { run } from '../cli.ts';
import { openEventStore } from '../events/store/open-event-store.ts';
import type { Io } from './command.ts';

let folder: string;
let printed: string;
let complained: string;
let stop: () => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-events-command-'));
  await writeFile(join(folder, 'plexica.yaml'), 'plugins: ["*.json"]\n');
  printed = '';
  complained = '';
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function events(...words: string[]): Promise<number> {
  const io: Io = {
    environment: {},
    out(text) {
      printed += text;
    },
    err(text) {
      complained += text;
    },
    log: () => undefined,
    onSignal(listener) {
      stop = () => listener('stop');
    },
  };
  return run(['events', ...words, '--config', join(folder, 'plexica.yaml')], io);
}

function openStore() {
  const file = join(folder, '.plexica', 'events.db');
  return openEventStore({ file, retention: 3_600_000, maxSize: 1024 ** 3, now: Date.now });
}

function body(id: string, tenantid: string): string {
  const time = new Date().toISOString();
  const event = { specversion: '1.0', id, source: '/plugins/plugin-crm', type: 'crm.contact.created', time };
  return JSON.stringify({
    ...event,
    datacontenttype: 'application/json',
    tenantid,
    plexicacontext: 'a-secret-context',
    data: {},
  });
}

async function publish(store: ReturnType<typeof openStore>, id: string, tenantId = 'acme'): Promise<void> {
  const event = { id, source: 'plugin-crm', name: 'crm.contact.created', tenantId, body: body(id, tenantId) };
  store.publish([{ ...event, groups: ['plugin-analytics'] }]);
  await store.flush();
}

it('says what to do where there are no events', async () => {
  expect(await events('dead-letters')).toBe(1);
  expect(complained).toContain('there are no events in');
});

it.each([
  [['nothing'], 'it takes tail, dead-letters, replay'],
  [['replay'], 'replay takes ids, or --group'],
  [['tail', 'x'], 'tail takes no more words'],
  [['tail', '--format', 'xml'], '--format must be pretty or json'],
])('refuses %j', async (words, why) => {
  expect(await events(...words)).toBe(2);
  expect(complained).toContain(why);
});

it('lists dead letters, and gives one to its group once more', async () => {
  const store = openStore();
  await publish(store, 'e1');
  const letter = {
    seq: store.last(),
    group: 'plugin-analytics',
    reason: 'handler-failed',
    error: 'Error: no',
  };
  store.keepDeadLetter({ ...letter, attempts: 8, failedAt: new Date().toISOString() }, [
    'crm.contact.created',
  ]);
  await store.flush();
  store.close();

  expect(await events('dead-letters')).toBe(0);
  expect(printed).toContain('crm.contact.created of tenant acme');
  expect(printed).toContain('handler-failed (8 attempts): Error: no');
  const [id = ''] = printed.split('\n');

  expect(await events('dead-letters', '--format', 'json', '--group', 'plugin-analytics')).toBe(0);
  expect(JSON.parse(printed.trim().split('\n').at(-1) ?? '')).toMatchObject({ id, reason: 'handler-failed' });
  expect(printed).not.toContain('a-secret-context');

  expect(await events('replay', id)).toBe(0);
  printed = '';
  expect(await events('dead-letters')).toBe(0);
  expect(printed).toBe('');
  expect(await events('replay', id)).toBe(1);
  expect(complained).toContain(`there is no dead letter ${id}`);
});

it('shows what others wrote so that it cannot steer a terminal', async () => {
  const store = openStore();
  await publish(store, 'e1\u001b[2J', 'globex\n\u009b0m\u202e');
  const letter = { seq: store.last(), group: 'plugin-analytics', reason: 'handler-failed', attempts: 8 };
  const error = 'Error: first line\nsecond \u001b]0;title\u0007';
  store.keepDeadLetter({ ...letter, error, failedAt: '2026-01-01' }, ['crm.contact.created']);
  await store.flush();
  store.close();

  expect(await events('dead-letters')).toBe(0);
  expect(printed).toContain('of tenant globex\\n\\u{9b}0m\\u{202e}');
  expect(printed).toContain('Error: first line\\nsecond \\u{1b}]0;title\\u{7}');
  expect(printed).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
});

it('shows events as they are published, until it is stopped', async () => {
  const store = openStore();
  await publish(store, 'before');
  const tail = events('tail', '--name', 'crm.contact.created');
  await vi.waitUntil(() => complained.includes('Ctrl-C'));
  // The look at the end of the file comes with the first turn of the loop.
  await vi.waitUntil(async () => {
    await publish(store, `after-${Date.now()}`);
    return printed.includes('after-');
  });
  stop();
  expect(await tail).toBe(0);
  expect(printed).not.toContain('before');
  expect(printed).toContain('tenant acme  from plugin-crm');
  store.close();
});
