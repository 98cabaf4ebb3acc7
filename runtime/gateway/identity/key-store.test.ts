import { randomUUID } from 'node:crypto';
import { renameSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createManualClock } from '../instances/testing/manual-clock.ts';
import { changeKeyFile, newKey } from './key-file.ts';
import { openKeyStore } from './key-store.ts';

let folder: string;
let file: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plexica-key-store-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  count += 1;
  file = join(folder, String(count), 'keys.json');
});

async function open() {
  const clock = createManualClock();
  const log: string[] = [];
  const store = await openKeyStore(file, {
    log: { info: (line: string) => log.push(line), error: (line: string) => log.push(line) },
    clock,
  });
  return {
    store,
    log,
    clock,
    pass: clock.advance,
  };
}

/** @returns the kid of the new key */
async function rotate(): Promise<string> {
  const fresh = newKey(Date.now());
  await changeKeyFile(file, (keys) => [fresh, ...keys]);
  return fresh.kid;
}

describe('a key store', () => {
  it('finds a key that was made since, at once, and signs with it', async () => {
    const { store, log } = await open();
    const old = store.current.kid;
    for (let round = 0; round < 3; round += 1) {
      const kid = await rotate();
      expect(await store.find(kid)).toBeDefined();
      expect(store.current.kid).toBe(kid);
    }
    expect(store.byId.has(old)).toBe(true);
    expect(log).toHaveLength(3);
    expect(store.generation()).toBe(0);
  });

  it('finds one that was made while the file was being looked at', async () => {
    const { store } = await open();
    await store.refresh();
    const next = `${file}.next`;
    await copyFile(file, next);
    const fresh = newKey(0);
    await changeKeyFile(next, (keys) => [fresh, ...keys]);
    const early = store.find('unknown');
    // The file is looked at in another thread, and this one cannot hear of it before the key is there.
    const until = performance.now() + 5;
    while (performance.now() < until);
    renameSync(next, file);
    const late = await Promise.all(Array.from({ length: 50 }, () => store.find(fresh.kid)));
    expect(late.every((key) => key?.equals(fresh.secret))).toBe(true);
    expect(await early).toBeUndefined();
  });

  it('does not have a key that nobody made', async () => {
    const { store } = await open();
    for (const kid of ['', 'x', '__proto__', '../keys.json']) expect(await store.find(kid)).toBeUndefined();
  });

  it('that is watched sees a change within seconds, though nobody asks it for anything', async () => {
    const { store, clock } = await open();
    const unwatch = store.watch();
    const old = store.current.kid;
    const kid = await rotate();
    clock.advance(9_999);
    expect(store.current.kid).toBe(old);
    clock.advance(1);
    await vi.waitFor(() => expect(store.current.kid).toBe(kid));
    await changeKeyFile(file, (keys) => keys.slice(0, 1));
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    clock.advance(10_000);
    await vi.waitFor(() => expect(store.generation()).toBe(1));
    expect(store.byId.has(old)).toBe(false);

    await vi.waitFor(() => expect(clock.pending).toBe(1));
    unwatch();
    expect(clock.pending).toBe(0);
  });

  it('reads a file that looks the same no more than once a second, whoever asks', async () => {
    const { store, pass } = await open();
    await store.refresh();
    // Written in place, as long as it was, with the time that it had.
    const before = await stat(file);
    const text = await readFile(file, 'utf8');
    const other = randomUUID();
    await writeFile(file, text.replace(store.current.kid, other));
    await utimes(file, before.atime, before.mtime);
    pass(1000);
    await store.find('unknown');
    expect(store.current.kid).toBe(other);
    const third = randomUUID();
    const { atime, mtime } = await stat(file);
    await writeFile(file, text.replace(/"kid": "[^"]+"/, `"kid": "${third}"`));
    await utimes(file, atime, mtime);
    pass(999);
    expect(await store.find(third)).toBeUndefined();
    pass(1);
    expect(await store.find(third)).toBeDefined();
  });

  it('counts a key that was taken away, and one that became another', async () => {
    const { store } = await open();
    const old = store.current.kid;
    await rotate();
    await store.refresh();
    expect(store.generation()).toBe(0);
    await changeKeyFile(file, (keys) => keys.filter(({ kid }) => kid !== old));
    await store.refresh();
    expect(store.generation()).toBe(1);
    expect(await store.find(old)).toBeUndefined();
    await changeKeyFile(file, (keys) => keys.map(({ kid }) => ({ ...newKey(0), kid })));
    await store.refresh();
    expect(store.generation()).toBe(2);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['half of it', () => writeFile(file, '{"keys":[{"kty"'), 'it is not JSON'],
    ['nothing in it', () => writeFile(file, ''), 'it is not JSON'],
    ['no key', () => writeFile(file, '{"keys":[]}'), 'it holds no key'],
    ['no file', () => rename(file, `${file}.away`), 'are gone'],
  ])(
    'keeps its keys when there is %s, says so once, and goes on when it is well',
    async (_, spoil, words) => {
      const { store, log, pass } = await open();
      const { kid } = store.current;
      await spoil();
      for (let round = 0; round < 3; round += 1) {
        pass(2000);
        await store.refresh();
        expect(await store.find('unknown')).toBeUndefined();
      }
      expect(store.current.kid).toBe(kid);
      expect(log).toEqual([expect.stringContaining(words)]);
      expect(log.join()).toContain('the gateway goes on with the keys that it has');

      const fresh = newKey(0);
      const jwk = { kty: 'oct', kid: fresh.kid, k: fresh.secret.export().toString('base64url') };
      await writeFile(file, JSON.stringify({ keys: [jwk] }));
      expect(await store.find(fresh.kid)).toBeDefined();
      expect(await store.find(kid)).toBeUndefined();
    },
  );
});
