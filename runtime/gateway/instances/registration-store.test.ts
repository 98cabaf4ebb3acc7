import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HEARTBEAT } from './instances.ts';
import type { RegistrationChange } from './registration-change.ts';
import { followRegistrations, openRegistrationStore, type RegistrationStore } from './registration-store.ts';
import { createJournal, type Journal } from './testing/journal.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';

const ONE = 'http://127.0.0.1:3101/';
const TWO = 'http://127.0.0.1:3102/';
let folder: string;
let file: string;
let clock: ManualClock;
let journal: Journal;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'plexica-registrations-')), 'state');
  file = join(folder, 'registrations.json');
  clock = createManualClock();
  journal = createJournal();
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

describe('the file', () => {
  it('holds who is registered, for its owner alone, and is read by the next process', async () => {
    const store = await open();
    store.record(change('registered', ONE));
    store.record(change('registered', TWO));
    store.record(change('removed', ONE));
    await store.close();
    expect(await written()).toEqual({ format: 1, registrations: [{ pluginId: 'plugin-crm', baseUrl: TWO }] });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(folder)).toEqual(['registrations.json']);
    expect((await open()).current()).toEqual([change('registered', TWO)]);
  });

  it('is written once for many changes, and not for heartbeats', async () => {
    const store = await open();
    for (let number = 0; number < 20; number += 1) {
      store.record(change('registered', `http://127.0.0.1:${number + 1}/`));
    }
    clock.advance(99);
    expect(await readdir(join(folder, '..'))).toEqual([]);
    clock.advance(1);
    await vi.waitFor(async () => expect((await written()).registrations).toHaveLength(20));
    const { ino } = await stat(file);
    store.record(change('renewed', 'http://127.0.0.1:7/'));
    store.record(change('removed', 'http://127.0.0.1:70/'));
    clock.advance(1_000);
    await store.close();
    expect((await stat(file)).ino).toBe(ino);
  });

  it('forgets whoever sends no heartbeat', async () => {
    const store = await open();
    store.record(change('registered', ONE));
    store.record(change('renewed', TWO));
    clock.advance(HEARTBEAT.ttlMs - 1);
    store.record(change('renewed', TWO));
    clock.advance(1);
    expect(store.current()).toEqual([change('registered', TWO)]);
    clock.advance(HEARTBEAT.ttlMs);
    expect(store.current()).toEqual([]);
    await store.close();
    expect((await written()).registrations).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('counts a whole time to live from the start for what it reads', async () => {
    const before = await open();
    before.record(change('registered', ONE));
    await before.close();
    clock.advance(HEARTBEAT.ttlMs * 100);
    const store = await open();
    clock.advance(HEARTBEAT.ttlMs - 1);
    expect(store.current()).toHaveLength(1);
    clock.advance(1);
    expect(store.current()).toEqual([]);
    await store.close();
  });

  it.each<[string, string, string]>([
    ['half a file', '{"format":1,"registrations":[{"pluginId":"plu', 'it is not JSON'],
    ['no file of ours', '{"keys":[]}', 'it holds no registrations'],
    ['null', 'null', 'it holds no registrations'],
    ['another version', '{"format":2,"registrations":[]}', "its format is not 1, but another version's"],
    ['an entry of something', '{"format":1,"registrations":[7]}', 'an entry has no plugin or no base URL'],
    [
      'an entry that leads elsewhere',
      '{"format":1,"registrations":[{"pluginId":"plugin-crm","baseUrl":"file:///etc/passwd"}]}',
      'the base URL of an instance of plugin-crm is none',
    ],
    ['nothing', '', 'it is not JSON'],
  ])('with %s is set aside, and all goes on', async (_name, text, why) => {
    await mkdir(folder);
    await writeFile(file, text);
    const store = await open();
    expect(store.current()).toEqual([]);
    expect(journal.lines.map(({ msg }) => msg)).toEqual([
      `${file} cannot be used: ${why}; it is now called registrations.json.set-aside. ` +
        'Instances that it names must register again',
    ]);
    expect(await readFile(`${file}.set-aside`, 'utf8')).toBe(text);
    store.record(change('registered', ONE));
    await store.close();
    expect((await written()).registrations).toHaveLength(1);
  });

  it('that cannot be written is told once, and tried again', async () => {
    const store = await open();
    await writeFile(folder, 'a file where the folder should be');
    store.record(change('registered', ONE));
    clock.advance(100);
    await journal.until('cannot be written');
    store.record(change('registered', TWO));
    await rm(folder);
    clock.advance(10_000);
    await vi.waitFor(async () => expect((await written()).registrations).toHaveLength(2));
    expect(journal.lines).toHaveLength(1);
    await store.close();
  });

  it('a folder in its place stops nothing', async () => {
    await mkdir(join(file, 'x'), { recursive: true });
    const store = await open();
    expect(store.current()).toEqual([]);
    store.record(change('registered', ONE));
    await store.close();
    expect((await written()).registrations).toHaveLength(1);
  });

  it('is whole whenever a process is killed, and what that leaves is cleared away', async () => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('testing/record-for-ever.ts', import.meta.url)), folder],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exited = once(child, 'exit');
    try {
      await once(child.stdout, 'data');
      // What a kill leaves is what is there at that moment: so every moment counts.
      const versions = new Set<number>();
      while (versions.size < 50) versions.add((await written()).registrations.length);
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
    expect((await written()).registrations.length).toBeGreaterThan(5);
    const draft = `${file}.0f.draft`;
    await writeFile(draft, '{"form');
    await utimes(draft, 1, 1);
    expect((await open()).current().length).toBeGreaterThan(5);
    expect(journal.lines).toEqual([]);
    expect(await readdir(folder)).not.toContain('registrations.json.0f.draft');
  });
});

it('who may not be here any more is struck off, and whoever comes is written down', async () => {
  const before = await open();
  before.record(change('registered', ONE));
  before.record(change('registered', TWO));
  await before.close();

  const store = await open();
  const applied: RegistrationChange[] = [];
  let tell = (_: RegistrationChange): void => undefined;
  followRegistrations(
    {
      applyRegistration(given) {
        applied.push(given);
        return given.baseUrl === ONE;
      },
      onRegistration(listener) {
        tell = listener;
        return () => undefined;
      },
    },
    store,
    journal.log,
  );
  expect(applied).toEqual([change('registered', ONE), change('registered', TWO)]);
  expect(store.current()).toEqual([change('registered', ONE)]);
  expect(journal.lines).toMatchObject([
    { msg: 'of the instances registered before, 1 are taken in and 1 left out', taken: 1, left: 1 },
  ]);
  tell(change('removed', ONE));
  await store.close();
  expect((await written()).registrations).toEqual([]);
});

async function open(): Promise<RegistrationStore> {
  return await openRegistrationStore(folder, { log: journal.log, clock });
}

async function written(): Promise<{ format: number; registrations: unknown[] }> {
  return JSON.parse(await readFile(file, 'utf8'));
}

function change(kind: RegistrationChange['kind'], baseUrl: string): RegistrationChange {
  return { kind, pluginId: 'plugin-crm', baseUrl };
}
